"""Drills: plans on a timeline, what is wrong with them, and how they run."""
