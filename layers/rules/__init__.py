"""Rules as data: figures of standards with clause, source and whether anybody checked them."""
