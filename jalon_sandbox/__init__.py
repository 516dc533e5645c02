"""The sandbox: simulators of the national services, demonstration, benches. Never part of the product."""
