"""`forcewire watch`: one process that crawls what is due, publishes, serves and looks after itself, for years."""
