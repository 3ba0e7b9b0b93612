"""The feeds, pages, pictures and API over HTTP."""
