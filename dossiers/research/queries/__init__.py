"""What research reads before it asks anybody."""
