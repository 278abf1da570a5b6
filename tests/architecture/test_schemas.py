"""What the subgraphs say to the outside: every public name is described, and every mutation has its roles."""

import importlib.util
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_specified_scalar_type,
)

from chassis.contracts import SERVICES, parts_of
from chassis.service import Parts

FEDERATION = {
    "_Service",
    "_Any",
    "_Entity",
    "_FieldSet",
    "FieldSet",
    "LinkImport",
    "LinkPurpose",
    "link__Import",
    "link__Purpose",
}
FEDERATION_FIELDS = {"_service", "_entities"}
WIRED = [name for name in SERVICES if importlib.util.find_spec(f"{name}.app")]


def schema_of(service: str) -> GraphQLSchema:
    schema = parts_of(service).schema._schema
    assert isinstance(schema, GraphQLSchema)
    return schema


def nameless(schema: GraphQLSchema) -> Iterator[str]:
    """Types, fields, arguments and input fields without a description."""
    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in FEDERATION or is_specified_scalar_type(kind):
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                if field_name in FEDERATION_FIELDS:
                    continue
                if not field.description:
                    yield f"{name}.{field_name}"
                yield from (f"{name}.{field_name}({a}:)" for a, what in field.args.items() if not what.description)
        elif isinstance(kind, GraphQLInputObjectType):
            yield from (f"{name}.{field_name}" for field_name, what in kind.fields.items() if not what.description)


def without_chinese(schema: GraphQLSchema) -> Iterator[str]:
    """Types and enums of our own whose description lacks the Chinese term."""
    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in FEDERATION or is_specified_scalar_type(kind):
            continue
        ours = isinstance(kind, GraphQLObjectType | GraphQLInputObjectType | GraphQLEnumType)
        if ours and kind.description and not any("一" <= sign <= "鿿" for sign in kind.description):
            yield name


def test_at_least_the_bulletin_is_wired() -> None:
    assert "bulletin" in WIRED


@pytest.mark.parametrize("service", WIRED)
def test_every_public_name_has_a_description(service: str) -> None:
    lacking = sorted(nameless(schema_of(service)))
    assert not lacking, "not described: " + ", ".join(lacking)


@pytest.mark.parametrize("service", WIRED)
def test_every_type_names_its_chinese_term(service: str) -> None:
    lacking = sorted(without_chinese(schema_of(service)))
    assert not lacking, "no Chinese term: " + ", ".join(lacking)


@pytest.mark.parametrize("service", WIRED)
def test_every_mutation_has_its_roles_and_nothing_else_has(service: str) -> None:
    parts: Parts = parts_of(service)
    mutation = schema_of(service).mutation_type
    assert set(mutation.fields if mutation else ()) == set(parts.actions)
    assert [name for name, roles in parts.actions.items() if not roles] == []


@pytest.mark.parametrize("service", WIRED)
def test_an_event_type_names_its_service_and_version_and_is_announced_once(service: str) -> None:
    types = [event.TYPE for event in parts_of(service).events]
    assert len(set(types)) == len(types)
    assert [
        type for type in types if not type.startswith(f"jiebang.{service}.") or type.split(".")[-1][:1] != "v"
    ] == []


@pytest.mark.parametrize("service", WIRED)
def test_a_service_reacts_only_to_what_another_one_announces(service: str) -> None:
    announced = {event.TYPE for name in WIRED if name != service for event in parts_of(name).events}
    hears = set(parts_of(service).hears)
    known = {type for type in parts_of(service).reactions if type.split(".")[1] in WIRED}
    assert service not in hears and sorted(known - announced) == []
