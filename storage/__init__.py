"""What we know of each article, and since when."""
