"""The quiz: content, engine and front ends; imports nothing of the other packages."""
