"""What maintainers and the checks run."""
