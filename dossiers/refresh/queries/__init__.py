"""Read what is due, when a topic comes next, and which workers are alive."""
