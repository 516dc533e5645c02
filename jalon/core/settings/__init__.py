"""The settings of the product: one table, read from the environment, refused before anything starts."""
