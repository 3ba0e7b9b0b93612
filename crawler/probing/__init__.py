"""Looking at a site by hand: what a page is, what is read from it and how sure that is, new entries, and checks of old ones."""
