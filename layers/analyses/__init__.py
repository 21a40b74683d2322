"""Analyses: questions with parameters whose answers are kept, shown stale and asked again."""
