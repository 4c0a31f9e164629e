"""The hidden suites, one module for each exercise module."""
