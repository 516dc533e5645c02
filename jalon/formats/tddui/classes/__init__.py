"""The classes of a transfer, a file each: what an object holds, its map, the rules of its profile, its kind.

A file is found by being here; nothing else names it but what needs that very class. In order:

1. `<Class>Data(Item)`, a frozen dataclass: every element that the type of the resource may have;
2. `SHAPE`, its two-way map (`lens`): what it does not take stays beside the object, in `extra`;
3. `RULES`, what the profile asks beyond FHIR R4 (`checks`, `rules_common`);
4. `KIND`, all that the package must know of the class (`kind`).

A class without a table in the house is `waiting=True`: its resources are checked by its rules and kept
exactly as they came, though `typed` can read them; `life_project` is one. When its table comes, `waiting`
goes. What several classes share stands beside this folder: `aims`, `encounters`, `observations`, `tasks`;
`measures`, `timings`, `choice`; `fills`, `rules_common`.
"""
