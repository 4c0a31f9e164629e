"""The reference solutions."""
