"""Stand-ins for research services, on real sockets of 127.0.0.1; plain Python, for tests and benches alike."""
