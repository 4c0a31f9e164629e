"""Gives the hidden suites their fixtures and options."""

from grader.plugin import pytest_addoption, pytest_configure, reference, student

__all__ = ["pytest_addoption", "pytest_configure", "reference", "student"]
