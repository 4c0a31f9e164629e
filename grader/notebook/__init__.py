"""The exercises as notebooks, and how nbgrader grades them."""
