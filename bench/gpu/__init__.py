"""What a training step really holds in a GPU's memory: predicted, measured, compared."""
