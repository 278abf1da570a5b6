"""The archive for a network without registries: `python -m deploy.offline`."""
