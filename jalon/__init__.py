"""Jalon, the open Dossier Usager Informatisé."""
