"""The whole suite on one machine without containers: `make up`."""
