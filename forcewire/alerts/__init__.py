"""Who is told that a source, a platform or the service itself is not well: the operators, once, and once that it is over."""
