"""How fast the portal is, beside the plainest thing that does the same work, in one run.

`bin/benchmark` runs it on SQLite and on PostgreSQL; docs/benchmarks.md keeps the figures.
"""
