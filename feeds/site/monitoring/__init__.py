"""What machines ask that watch this one: /health/live, /health/ready, /metrics."""
