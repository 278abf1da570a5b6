"""An edition: one policy text as a province runs it, with dated figures. Loaded from YAML, checked whole."""

from collections.abc import Hashable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from chassis.identity import Role


class Strength(StrEnum):
    """How hard a requirement binds: only a principle (原则上) can be waived, an aim (力争) never blocks."""

    MUST = "must"
    PRINCIPLE = "principle"
    MAY = "may"
    AIM = "aim"


class Words(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str


class Figures(BaseModel):
    """The numbers of one requirement, valid from `since` to `until`, both days included."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)
    __pydantic_extra__: dict[str, int | str | list[str]] = Field(init=False)

    since: date = Field(alias="from")
    until: date = date.max

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until < self.since:
            raise ValueError(f"figures end before they begin: {self.since} and {self.until}")
        return self

    def integer(self, name: str) -> int:
        """The figure called `name`; KeyError when the edition has none, TypeError when it is no number."""
        found = self.__pydantic_extra__[name]
        if not isinstance(found, int):
            raise TypeError(f"{name} is no whole number")
        return found

    def listed(self, name: str) -> tuple[str, ...]:
        """The list called `name`."""
        found = self.__pydantic_extra__[name]
        if not isinstance(found, list):
            raise TypeError(f"{name} is no list")
        return tuple(found)

    @property
    def named(self) -> dict[str, int | str | list[str]]:
        """All figures, for the words that quote them."""
        return dict(self.__pydantic_extra__)


class WaiverTerms(BaseModel):
    """Who may lift a requirement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    approver: str

    @field_validator("approver")
    @classmethod
    def _is_a_role(cls, approver: str) -> str:
        return Role(approver).value


class Requirement(BaseModel):
    """What the edition says about one requirement.

    `message` speaks when it is not fulfilled, `met` when it is (the title where there is none); `terms` puts the
    codes of missing things in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: int
    strength: Strength
    title: Words
    message: Words
    met: Words | None = None
    way_forward: Words
    terms: Mapping[str, Words] = {}
    waiver: WaiverTerms | None = None
    figures: tuple[Figures, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.strength is not Strength.PRINCIPLE and self.waiver is not None:
            raise ValueError("only a principle can be waived")
        for earlier, later in zip(self.figures, self.figures[1:], strict=False):
            if earlier.until >= later.since:
                raise ValueError(f"figures overlap: {earlier.until} and {later.since}")
        return self

    def on(self, day: date) -> Figures | None:
        """The figures that bind on `day`, or None when the requirement does not."""
        return next((f for f in self.figures if f.since <= day <= f.until), None)


class Edition(BaseModel):
    """All requirements of one edition, by id. `reference` is the folder of its regions and lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: str
    reference: str
    file: Path = Field(default=Path(), exclude=True)
    requirements: dict[str, Requirement]

    @property
    def folder(self) -> Path:
        """Where its regions and lists lie: beside its file."""
        return self.file.parent / self.reference

    def __getitem__(self, id: str) -> Requirement:
        return self.requirements[id]


class _Loader(yaml.SafeLoader):
    """YAML lets the last of two equal keys win in silence; here a requirement could get lost that way."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise ValueError(f"written twice: {', '.join(twice)}, line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


def load(path: Path) -> Edition:
    """Read an edition; raises when anything in it is not understood."""
    return Edition.model_validate({**yaml.load(path.read_text(encoding="utf-8"), _Loader), "file": path})
