"""The exercises: what a student opens."""
