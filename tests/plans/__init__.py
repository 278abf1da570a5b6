"""How PostgreSQL finds the pages of lists among very many rows."""
