"""The front door: starts the crawler, the store and the feeds. Nothing imports it."""
