"""The container images, built without an image registry: `python -m deploy.images`."""
