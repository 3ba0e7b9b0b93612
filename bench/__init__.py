"""Measurements: each figure with its bound, beside something that others can run as well."""
