"""`make demo`: the whole course against the running stack, and a table of what happened."""

import sys
import time

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo import applications, calls, execution, projects, reviews
from deploy.demo.play import NotAsPlayed, Play
from deploy.embedded import clock
from deploy.embedded.layout import GATEWAY
from deploy.samples.client import Client, Unanswered

STEPS = 8


def course(play: Play, run: str) -> None:
    """All acts in order. `run` makes this run's names its own."""
    competition = calls.open_competition(play, run)
    calls.joint_enterprise(play, run)
    commission = calls.emergency(play, run)
    calls.classified(play, run)
    applied = applications.apply(play, competition)
    applications.waiver(play, competition)
    applications.recommend(play, applied)
    urgent = applications.emergency(play, commission)
    proposed = reviews.competition(play, competition, applied)
    reviews.argument(play, commission, urgent)
    plan = projects.plan(play, [*proposed, urgent], clock.now().year)
    names = ("chengyu", "yongwang", "longxi", "cangyu", "zhidong", "yunqiwan")
    ids = {name: projects.approve(play, plan, id, name) for name, id in zip(names, [*proposed, urgent], strict=True)}
    play.step("6 资助 fund")
    execution.start(play, ids["chengyu"], "chengyu")
    projects.fund(play, ids["chengyu"], "320", "chengyu")
    execution.start(play, ids["yongwang"], "yongwang", projects.NINGBO)
    projects.fund(play, ids["yongwang"], "120", "yongwang", payer=projects.NINGBO, officer=projects.NINGBO)
    execution.start(play, ids["cangyu"], "cangyu")
    projects.fund(play, ids["cangyu"], "100", "cangyu")
    execution.pledge(play, ids["yunqiwan"])
    execution.miss(play, ids["yunqiwan"])
    execution.barred(play, applications.next_of_the_barred(play, run))
    play.step("8 验收 accept")
    for name, audited in (("chengyu", True), ("cangyu", False)):
        execution.accept(play, ids[name], name, audited)
        execution.close(play, ids[name], projects.FINANCE)


def main() -> int:
    """Play and show; 1 when something came out otherwise."""
    console = Console(width=None if sys.stdout.isatty() else 150)
    columns = (TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        progress.add_task("", total=STEPS)
        play = Play(Client(GATEWAY), progress)
        failed = ""
        try:
            course(play, f"{int(time.time()):x}")
        except (NotAsPlayed, Unanswered, TimeoutError) as error:
            failed = str(error)
        except httpx.ConnectError:
            failed = f"nothing answers at {GATEWAY}; start it with: make up"
    play.show(console)
    if failed:
        console.print(f"make demo: {failed}", style="red", markup=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
