"""Archive files into the store: what is there to read, what each gives, and how it is kept."""
