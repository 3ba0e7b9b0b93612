"""What is not as it should be, where, and what to do: settings, store, clock, network, feeds, schedule, backups, alerts."""
