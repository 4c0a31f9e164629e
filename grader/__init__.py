"""Grades hand-ins: reads them, runs them confined, marks them, reports."""
