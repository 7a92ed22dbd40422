"""The outside world: takes a question and a policy, leaves what a service answered, checked, or why it did not."""
