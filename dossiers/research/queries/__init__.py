"""Read what research asks about: topics, pins, and the services that may be asked."""
