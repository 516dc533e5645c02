"""Drills: long campaigns against the product, on loopback; the tests run a small share of each."""
