"""The hashing of passwords as the product does it, at a price the tests can pay hundreds of times."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2id with the least memory and time it allows: for passwords that protect nothing."""

    time_cost, memory_cost, parallelism = 1, 8, 1
