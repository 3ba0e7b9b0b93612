"""Saved searches and who is told what they find: which, of what, in which words, and what was sent already."""
