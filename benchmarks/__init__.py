"""Measurements of speed: run with ``make bench``; figures go to docs/benchmarks.md."""
