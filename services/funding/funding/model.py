"""The mapped base of this service: its tables are its own."""

from sqlalchemy import MetaData

from chassis import model


class Base(model.Base):
    """Mapped classes of funding."""

    __abstract__ = True
    metadata = MetaData()
