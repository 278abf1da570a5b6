"""Sample data that `make up` loads through the gateway."""
