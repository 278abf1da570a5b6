"""What is wrong with a request other than what policy says of it. Words are made for people of both languages."""


class BadInput(Exception):
    """The input contradicts itself or what it refers to; both texts say what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Forbidden(Exception):
    """The caller's roles, or who the caller is, do not allow the action."""
