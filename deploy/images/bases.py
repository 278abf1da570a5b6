"""The images that the others stand on: Debian's packages, put together by mmdebstrap, `docker import`ed.

A base is made anew when its recipe changes, or when it is not there: to take in Debian's security updates, remove it
(`docker rmi jiebang/base:python`) and build again.
"""

from deploy.embedded.layout import STATE
from deploy.images.content import CONTENT, digest_of, labelled
from deploy.images.docker import docker
from deploy.images.tools import needed, run

SUITE = "bookworm"
USER = 10001
PACKAGES = {
    "plain": ("ca-certificates", "libstdc++6", "zlib1g"),
    "python": ("ca-certificates", "libstdc++6", "python3", "tzdata"),  # greenlet is C++
    "java": ("ca-certificates", "openjdk-17-jre-headless"),
    "prometheus": ("ca-certificates", "prometheus"),
}
MERGED = "/usr/share/mmdebstrap/hooks/merged-usr"  # else a script in perl does it, and perl stays: 50 MB
UNREAD = (
    *("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*"),
    *("/usr/lib/*/gconv/*", "/usr/share/javascript/moment-timezone/data/*"),
    *("/usr/lib/jvm/*/lib/ct.sym", "/usr/lib/jvm/*/lib/server/classes_nocoops.jsa"),
)
KEPT = ("/usr/share/doc/*/copyright",)  # licences must go along


def recipe(name: str) -> list[str]:
    """mmdebstrap's words for a base, without the file it writes."""
    words = [
        "mmdebstrap",
        "--quiet",
        "--variant=essential",
        f"--include={','.join((*PACKAGES[name], 'usr-is-merged'))}",
    ]
    words += [f"--hook-dir={MERGED}", "--dpkgopt=force-unsafe-io"]  # nothing is lost when a half-made base is
    words += [f"--dpkgopt=path-exclude={path}" for path in UNREAD]
    words += [f"--dpkgopt=path-include={path}" for path in KEPT]
    words += ["--essential-hook=mkdir -p $1/usr/share/man/man1"]  # Java's installation wants it to be there
    account = f"jiebang:x:{USER}:{USER}:Jiebang:/tmp:/usr/sbin/nologin"
    words += [
        f"--customize-hook=echo {account} >>$1/etc/passwd",
        f"--customize-hook=echo jiebang:x:{USER}: >>$1/etc/group",
        "--customize-hook=find $1/usr -xdev -type f -perm /6000 -exec chmod a-s {} +",  # nobody becomes another
    ]
    return [*words, SUITE]


def there(name: str) -> bool:
    """Whether the engine has the base, of this very recipe."""
    return labelled(f"jiebang/base:{name}") == digest_of([], *recipe(name))


def identity(name: str) -> str:
    """Which base it is: another one when it was made anew."""
    return docker("image", "inspect", "--format", "{{.Id}}", f"jiebang/base:{name}").strip()


def make(name: str) -> None:
    """Makes the base, whatever is there."""
    needed("mmdebstrap", package="mmdebstrap")
    tree = STATE / "images" / f"base-{name}.tar"
    tree.parent.mkdir(parents=True, exist_ok=True)
    run(f"base-{name}", [*recipe(name), tree])
    docker("import", "--change", f"LABEL {CONTENT}={digest_of([], *recipe(name))}", tree, f"jiebang/base:{name}")
    tree.unlink()
