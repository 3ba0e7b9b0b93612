"""A newsroom of invented forces on loopback: the demo, the tests and the benchmarks crawl it."""
