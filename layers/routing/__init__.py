"""Ways through streets: who gets where, how long it takes, and how far one comes."""
