"""Named wrong versions of the functions, as students really write them."""
