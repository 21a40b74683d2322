"""Pipes under the ground: classes, levels, checks and sections."""
