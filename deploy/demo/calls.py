"""Act 1: entries are drafted, argued, reviewed and published."""

from datetime import date, timedelta
from typing import Any

from deploy.demo.cast import money
from deploy.demo.play import Play
from deploy.embedded import clock
from deploy.samples.data import PANEL, entry, samples
from deploy.samples.load import programme

ONE_ENTRY = "query($id: ID!) { entry(id: $id) { id number state } }"
SETS_A_TASK = "province-officer"


def deadline(days: int = 20) -> date:
    """A day some days ahead, in the stack's time."""
    return (clock.now().astimezone(clock.SHANGHAI) + timedelta(days=days)).date()


def draft(play: Play, name: str, programme_id: str, what: str, **changes: object) -> str:
    """Draft a sample entry; its id."""
    made: Any = play.does(
        SETS_A_TASK, what, "draftEntry", "entry { id number }", **entry(name, programme_id, deadline(), **changes)
    )
    return str(made["entry"]["id"])


def hear_the_panel(play: Play, id: str, without: str = "") -> None:
    """Record an opinion of each of the eight kinds but one."""
    for kind, zh in PANEL.items():
        if kind != without:
            play.client.must(
                SETS_A_TASK, "addPanelOpinion", "entry { id }", entryId=id, kind=kind,
                participant=f"{zh}（虚构）", opinion="目标有限、可考核，同意入榜。",
            )  # fmt: skip


def review(id: str) -> dict[str, object]:
    """The input of a compliance review that passes."""
    return {"entryId": id, "decision": "PASS", "opinion": "合规。"}


def pass_and_publish(play: Play, id: str, what: str) -> None:
    """Through the compliance review to publication."""
    play.does("compliance-reviewer", f"{what}：合规审查", "reviewEntryCompliance", "entry { id }", **review(id))
    play.does(SETS_A_TASK, f"{what}：发布", "publishEntry", "entry { id state }", entryId=id)


def open_competition(play: Play, run: str) -> str:
    """Entry 01: every gate on its way to the public (A02.1, A03.1, A05.1, A05.2, A18.1). Its id."""
    play.step("1 编榜 call")
    proposed = {
        **samples()["programme"],
        "code": f"ZX-{run}-X",
        "year": clock.now().year,
        "document": "浙科（虚构）0号",
    }
    unlaunched: Any = play.does(SETS_A_TASK, "提出专项", "proposeProgramme", "programme { id }", **proposed)
    early = draft(play, "JB-01", unlaunched["programme"]["id"], "在未启动专项下起草")
    hear_the_panel(play, early)
    play.does("compliance-reviewer", "合规审查", "reviewEntryCompliance", "entry { id }", **review(early))
    play.refused(SETS_A_TASK, "在未启动专项下发布", "A02.1", "publishEntry", "entry { id }", entryId=early)
    launched = programme(play.client, f"ZX-{run}")
    vague = draft(play, "JB-01", launched, "起草无指标条目", indicators=[])
    hear_the_panel(play, vague)
    id = draft(play, "JB-01", launched, "起草条目01（不定财政金额）")
    seen: Any = play.client.ask("chengyu", ONE_ENTRY, id=id)["entry"]
    play.must(seen is None, "an applicant sees a draft")
    play.notes("chengyu", "查看草稿", "不可见 invisible")
    hear_the_panel(play, id, without="VENTURE_INVESTOR")
    play.refused(
        "compliance-reviewer", "八类缺一时审查", "A05.1", "reviewEntryCompliance", "entry { id }", **review(id)
    )
    hear_the_panel(play, id)
    play.refused(SETS_A_TASK, "起草人自审", "A05.2", "reviewEntryCompliance", "entry { id }", **review(id))
    play.refused(SETS_A_TASK, "未审先发", "A05.2", "publishEntry", "entry { id }", entryId=id)
    pass_and_publish(play, id, "条目01")
    play.refused("compliance-reviewer", "无指标条目", "A03.1", "reviewEntryCompliance", "entry { id }", **review(vague))
    visitor: Any = play.client.ask(None, ONE_ENTRY, id=id)["entry"]
    play.must(visitor["state"] == "PUBLISHED", "a visitor does not see the published entry")
    play.notes("visitor", "查看已发布条目", f"{visitor['number']} 可见 visible")
    return id


def joint_enterprise(play: Play, run: str) -> None:
    """Entry 03: contributions at and below both edges (A06.1, A06.2)."""
    launched = programme(play.client, f"ZX-{run}")

    def contributions(enterprise: str, fiscal: str, social: str = "0") -> list[dict[str, str]]:
        lines = [
            {"funderName": "玉环阀业（虚构）", "source": "ENTERPRISE", "amount": money(enterprise)},
            {"funderName": "省级财政", "source": "FISCAL", "level": "PROVINCE", "amount": money(fiscal)},
        ]
        social_line = {"funderName": "社会资本（虚构）", "source": "SOCIAL_CAPITAL", "amount": money(social)}
        return [*lines, social_line] if social != "0" else lines

    for what, requirement, money_lines in (
        ("企业749万、财政251万", "A06.2", contributions("749", "251")),
        ("总额999.99万", "A06.1", contributions("750", "249.99")),
    ):
        id = draft(play, "JB-03", launched, f"起草条目03：{what}", contributions=money_lines, fiscal=None)
        hear_the_panel(play, id)
        play.refused("compliance-reviewer", what, requirement, "reviewEntryCompliance", "entry { id }", **review(id))
    for what, money_lines in (
        ("企业750万、财政250万", contributions("750", "250")),
        ("企业700万、社会100万、财政200万", contributions("700", "200", "100")),
    ):
        id = draft(play, "JB-03", launched, f"起草条目03：{what}", contributions=money_lines, fiscal=None)
        hear_the_panel(play, id)
        pass_and_publish(play, id, what)


def emergency(play: Play, run: str) -> str:
    """Entry 05: a directed commission needs its ground and shows itself to the invited only (A10.1, A10.2)."""
    launched = programme(play.client, f"ZX-{run}")
    bare = draft(play, "JB-05", launched, "起草定向委托，无理由", selectionGround=None)
    hear_the_panel(play, bare)
    play.refused(
        "compliance-reviewer", "定向委托无理由", "A10.2", "reviewEntryCompliance", "entry { id }", **review(bare)
    )
    id = draft(play, "JB-05", launched, "起草条目05（定向委托）")
    hear_the_panel(play, id)
    pass_and_publish(play, id, "条目05")
    play.must(play.client.ask("chengyu", ONE_ENTRY, id=id)["entry"] is None, "an uninvited unit sees the commission")
    play.must(play.client.ask("yunqiwan", ONE_ENTRY, id=id)["entry"] is not None, "the invited unit does not see it")
    play.notes("chengyu / yunqiwan", "查看定向条目", "未受邀不可见，受邀可见")
    return id


def classified(play: Play, run: str) -> None:
    """Entry 06: stays out; only a stub is kept (A07.2)."""
    launched = programme(play.client, f"ZX-{run}")
    play.refused(
        SETS_A_TASK, "起草涉密条目", "A07.2", "draftEntry", "entry { id }",
        **entry("JB-01", launched, deadline(), disclosure="CLASSIFIED"),
    )  # fmt: skip
    stub = {**samples()["stub"], "offlineReference": f"浙密〔虚构〕{run}", "from": deadline().isoformat()}
    play.does(SETS_A_TASK, "登记涉密条目", "registerStub", "stub { id }", **stub)
