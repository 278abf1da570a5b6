"""The shape of the code: short files, short functions, and who may import what."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 300, 50
SOURCES = sorted(
    path
    for folder in ("services", "deploy", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if not {"migrations", "node_modules", "__pycache__"} & set(path.parts)
)
PRODUCT = [path for path in SOURCES if path.is_relative_to(ROOT / "services") and "tests" not in path.parts]
CAPABILITIES = [path for path in PRODUCT if not path.is_relative_to(ROOT / "services" / "chassis")]
RULES = [path for path in CAPABILITIES if path.name == "rules.py"]
GRAPHQL_FILES = {"graphql.py", "views.py", "inputs.py", "app.py"}  # a long graphql.py is cut into views and inputs
NO_RULES_IMPORT = (
    "sqlalchemy",
    "strawberry",
    "asyncpg",
    "aiokafka",
    "chassis.database",
    "chassis.graphql",
    "chassis.events",
)


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_there_is_something_to_look_at() -> None:
    assert len(PRODUCT) > 40 and RULES


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_a_file_stays_under_three_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_a_function_stays_under_fifty_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: lines for name, lines in lengths.items() if lines >= LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("path", RULES, ids=shown)
def test_rules_know_neither_database_nor_graphql(path: Path) -> None:
    assert [module for module in imported(path) if within(module, NO_RULES_IMPORT)] == []


@pytest.mark.parametrize("path", CAPABILITIES, ids=shown)
def test_only_graphql_modules_and_the_composition_root_import_strawberry(path: Path) -> None:
    if path.name not in GRAPHQL_FILES:
        assert [module for module in imported(path) if within(module, ("strawberry", "chassis.graphql"))] == []


def test_in_the_chassis_only_graphql_and_the_service_know_strawberry() -> None:
    knowing = [
        shown(path)
        for path in PRODUCT
        if path.is_relative_to(ROOT / "services" / "chassis")
        and "graphql" not in path.parts
        and any(within(module, ("strawberry",)) for module in imported(path))
    ]
    assert knowing == ["services/chassis/chassis/service.py"]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    places = ("/" + "work/", "/" + "home/", "/" + "root/", "/" + "Users/")
    naming = [shown(path) for path in SOURCES if any(place in path.read_text(encoding="utf-8") for place in places)]
    assert naming == []
