"""The training platform: a small NGSI-LD broker behind a gateway, a GeoReport server beside it and, at a port
of its own, a network server; for demos, lessons and tests.

The broker is written from ETSI GS CIM 009 (clauses are those of V1.9.1, 2025-07, unless a version is named).
The subset: entities, their attributes and the four batch operations, normalized on the way in. What it does
not have, it refuses; it never pretends. @context documents are not fetched: terms are compared as written.

Nothing of the application imports this package but its command line; others start it as a process.
"""
