"""Keeping a site up: backups, restoring, upgrades, and what whoever runs it has to know."""
