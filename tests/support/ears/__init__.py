"""The lab's listener: another service with a database of its own."""
