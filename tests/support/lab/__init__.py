"""A service that exists only to try the chassis: notes with pages, and the effects of what it hears."""
