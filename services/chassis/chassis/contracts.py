"""What a service promises: its GraphQL schema and, per event, a JSON Schema with an example.

`python -m chassis.contracts` writes `services/*/contracts/`; with `--check` it fails where they drifted.
"""

import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from chassis.events.outbox import Event
from chassis.service import Parts

SERVICES_FOLDER = Path(__file__).parents[2]  # not from `migrations`: a service would load Alembic, 7 MB of it
SERVICES = ("bulletin", "application", "review", "funding", "oversight")


def parts_of(service: str) -> Parts:
    """The wired parts of a service."""
    found: Parts = importlib.import_module(f"{service}.app").PARTS
    return found


def exported(parts: Parts) -> Mapping[str, str]:
    """File name -> text of everything a service promises."""
    files = {"schema.graphql": parts.schema.as_str() + "\n"}
    for event in parts.events:
        files[f"events/{event.TYPE}.json"] = json.dumps(contract_of(event), ensure_ascii=False, indent=2) + "\n"
    return files


def contract_of(event: type[Event]) -> dict[str, object]:
    """The JSON Schema of an event's payload with its example; ValidationError when the example does not fit."""
    example = event.model_validate(event.EXAMPLE).model_dump(mode="json")
    schema = event.model_json_schema()
    return {**schema, "$id": event.TYPE, "examples": [example]}


def main(check: bool) -> int:
    """Write or compare; returns the number of files that drifted."""
    drifted = 0
    for service in SERVICES:
        folder = SERVICES_FOLDER / service / "contracts"
        files = exported(parts_of(service))
        stale = {p for p in folder.rglob("*.*") if str(p.relative_to(folder)) not in files}
        for name, text in files.items():
            drifted += _settle(folder / name, text, check)
        for path in stale:
            print(f"{path.relative_to(SERVICES_FOLDER)}: nothing announces it any more")
            drifted += 1
            if not check:
                path.unlink()
    return drifted if check else 0


def _settle(path: Path, text: str, check: bool) -> int:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{path.relative_to(SERVICES_FOLDER)}: {'has drifted, run make contracts' if check else 'written'}")
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 1


if __name__ == "__main__":
    sys.exit(1 if main("--check" in sys.argv) else 0)
