"""Acts 2 and 3: units apply, and their applications travel the region line."""

from typing import Any

from deploy.demo import calls
from deploy.demo.cast import CHENGYU, COMPETITORS, LONGXI, YUEFANG, YUNQIWAN, Unit, money
from deploy.demo.play import Play
from deploy.samples.load import programme

READ = "query($id: ID!) { application(id: $id) { id state desk } }"
TITLE = "云原生调度关键技术攻关（虚构）"


def draft(play: Play, unit: Unit, entry_id: str, what: str, **changes: object) -> str:
    """Draft an application; its id."""
    made: Any = play.does(
        unit.persona, what, "draftApplication", "application { id }",
        **unit.application(entry_id, f"{TITLE}·{unit.persona}", **changes),
    )  # fmt: skip
    return str(made["application"]["id"])


def refused_draft(play: Play, unit: Unit, entry_id: str, what: str, requirement: str, **changes: object) -> None:
    """A draft that policy stops when it is written or when it is submitted; it is withdrawn afterwards."""
    application = unit.application(entry_id, f"{TITLE}·{what}", **changes)
    made: Any = play.client.do(unit.persona, "draftApplication", "application { id }", **application)
    if made.get("refusal"):
        play.refused(unit.persona, what, requirement, "draftApplication", "application { id }", **application)
        return
    id = made["application"]["id"]
    play.refused(unit.persona, what, requirement, "submitApplication", "application { id }", applicationId=id)
    play.client.must(unit.persona, "withdrawApplication", "application { id }", applicationId=id)


def submit(play: Play, unit: Unit, id: str, what: str = "提交申报") -> None:
    """Hand an application in."""
    play.does(unit.persona, what, "submitApplication", "application { id state desk }", applicationId=id)


def call_is_open(play: Play, unit: Unit, entry_id: str) -> None:
    """Wait until the application service has heard of the entry."""
    document = "query($id: ID!) { entry(id: $id) { call { state } } }"

    def look() -> Any:
        entry: Any = play.client.ask(unit.persona, document, id=entry_id)["entry"]
        return entry["call"] if entry else None

    play.waits("the call of a published entry", look)


def apply(play: Play, entry_id: str) -> dict[str, str]:
    """Everybody's bars, below and at (A07.2, A09.3, A09.4, A18.3); the ids of what was submitted, by persona."""
    play.step("2 申报 apply")
    call_is_open(play, CHENGYU, entry_id)
    below = {"budget": CHENGYU.budget(own="1599.99", fiscal="400"), "total": money("1999.99")}
    refused_draft(play, CHENGYU, entry_id, "自筹1599.99万/1999.99万（80%）", "A09.4", **below)
    sum_off = {"total": money("1999.99")}
    refused_draft(play, CHENGYU, entry_id, "预算合计差0.01万元", "A18.3", **sum_off)
    weak = {"research": {"spending": money("145.99"), "revenue": money("10000"), "year": 2023}}
    refused_draft(play, CHENGYU, entry_id, "研发投入1.4599%", "A09.3", **weak)
    secret = {"attachments": [{"name": "附件", "digest": "0" * 64, "disclosure": "CLASSIFIED"}]}
    refused_draft(play, CHENGYU, entry_id, "附件涉密", "A07.2", **secret)
    refused_draft(play, CHENGYU, entry_id, "未承诺自筹", "A09.4", committed=False)
    low = {"budget": LONGXI.budget(own="119.99", fiscal="80"), "total": money("199.99")}
    refused_draft(play, LONGXI, entry_id, "山区26县自筹119.99万/199.99万（60%）", "A09.4", **low)
    ids = {unit.persona: draft(play, unit, entry_id, "起草申报") for unit in COMPETITORS}
    rival: Any = play.client.ask("yongwang", READ, id=ids["chengyu"])["application"]
    play.must(rival is None, "a rival sees a draft")
    play.notes("yongwang", "查看对手草稿", "不可见 invisible")
    for unit in COMPETITORS:
        shares = {"chengyu": "80%整", "longxi": "山区26县60%整", "cangyu": "海岛县60%整"}
        submit(play, unit, ids[unit.persona], f"提交申报 {shares.get(unit.persona, '')}".strip())
    return ids


def waiver(play: Play, entry_id: str) -> None:
    """A principle can be lifted by its approver, for the shortfall seen and no more; a must cannot."""
    below = {"budget": YUEFANG.budget(own="399.99", fiscal="100"), "total": money("499.99")}
    id = draft(play, YUEFANG, entry_id, "起草：自筹399.99万/499.99万", **below)
    submission = {"applicationId": id}
    play.refused("yuefang", "自筹低于80%", "A09.4", "submitApplication", "application { id }", **submission)
    play.does("yuefang", "请求豁免", "askForWaiver", "application { id }", applicationId=id, reason="灾后恢复期")
    play.does(
        "waiver-approver", "豁免 A09.4", "waiveForApplication", "application { id }", applicationId=id,
        requirement="A09.4", reason="灾后恢复期", document="浙科豁（虚构）1号",
    )  # fmt: skip
    submit(play, YUEFANG, id, "豁免后提交")
    play.does("yuefang", "撤回申报", "withdrawApplication", "application { id }", applicationId=id)


def recommend(play: Play, ids: dict[str, str]) -> None:
    """County, city, province, each in its scope (A13.0, X2)."""
    play.step("3 推荐 recommend")
    say = "mutation($input: RecommendApplicationInput!) { recommendApplication(input: $input) { application { id } } }"
    first = {"applicationId": ids["chengyu"], "reason": "同意推荐"}
    play.cannot("haishu-officer", "推荐外县申报", "NOT_FOUND", say, input=first)
    play.cannot("hangzhou-officer", "越过县级推荐", "", say, input=first)
    play.does(
        "linping-officer", "退回补正", "returnApplication", "application { state }",
        applicationId=ids["chengyu"], reason="补充测试方案",
    )  # fmt: skip
    submit(play, CHENGYU, ids["chengyu"], "补正后再次提交")
    for unit in COMPETITORS:
        along_the_line(play, unit, ids[unit.persona])
    seen: Any = play.client.ask("ningbo-officer", READ, id=ids["chengyu"])["application"]
    play.must(seen is None, "Ningbo sees Hangzhou's application")
    play.notes("ningbo-officer", "查看杭州申报", "不可见 invisible")


def along_the_line(play: Play, unit: Unit, id: str) -> None:
    """Every officer on the way recommends; units of the province go straight to it."""
    for officer in (*unit.officers, "province-officer"):
        play.does(
            officer, f"推荐 {unit.persona}", "recommendApplication", "application { state desk }",
            applicationId=id, reason="材料齐全，同意推荐",
        )  # fmt: skip


def emergency(play: Play, entry_id: str) -> str:
    """The invited platform answers the emergency; its application goes straight to the province. Its id."""
    call_is_open(play, YUNQIWAN, entry_id)
    id = draft(play, YUNQIWAN, entry_id, "起草应急申报")
    submit(play, YUNQIWAN, id)
    along_the_line(play, YUNQIWAN, id)
    return id


def next_of_the_barred(play: Play, run: str) -> str:
    """A new emergency for the same platform, open for years, and its leader's draft. The application's id."""
    launched = programme(play.client, f"ZX-{run}")
    entry_id = calls.draft(play, "JB-05", launched, "起草下一项定向委托", deadlineDay=calls.deadline(1000).isoformat())
    calls.hear_the_panel(play, entry_id)
    calls.pass_and_publish(play, entry_id, "下一项定向委托")
    call_is_open(play, YUNQIWAN, entry_id)
    return draft(play, YUNQIWAN, entry_id, "起草下一项申报")
