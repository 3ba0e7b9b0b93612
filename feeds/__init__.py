"""What subscribers read."""
