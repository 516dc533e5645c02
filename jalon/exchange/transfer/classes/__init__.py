"""The tables of a transfer, a class each: its columns and the elements they stand for.

A file is found by being here; nothing else names it but what needs that very class.
"""
