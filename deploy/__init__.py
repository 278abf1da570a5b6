"""How the suite is run: embedded on one machine, or in containers."""
