"""Results into the gradebooks that instructors use."""
