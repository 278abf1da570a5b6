"""Who plays: the units, their officers along the line, and what they ask for. Amounts in 万元 become yuan here."""

from dataclasses import dataclass

from chassis.money import wan, yuan


def money(text: str) -> str:
    """An amount in 万元 as GraphQL takes it, in yuan."""
    return yuan(wan(text))


@dataclass(frozen=True)
class Unit:
    """An applicant: persona and leader, the officers its application passes, its industry, its research figures."""

    persona: str
    leader: str
    officers: tuple[str, ...]
    industry: str
    own: str
    fiscal: str
    research: tuple[str, str] | None = None  # spending, revenue of the year

    def budget(self, *, own: str | None = None, fiscal: str | None = None) -> list[dict[str, str]]:
        """The lines of its budget: its own money and the province's."""
        lines = [{"source": "FISCAL", "level": "PROVINCE", "amount": money(fiscal or self.fiscal)}]
        if self.own != "0":
            lines.append({"source": "SELF_RAISED", "amount": money(own or self.own)})
        return lines

    def application(self, entry_id: str, title: str, **changes: object) -> dict[str, object]:
        """The input of `draftApplication`; `changes` replace what they name."""
        research = None
        if self.research:
            research = {"spending": money(self.research[0]), "revenue": money(self.research[1]), "year": 2023}
        return {
            "entryId": entry_id, "title": title, "leader": self.leader, "industry": self.industry, "committed": True,
            "research": research, "total": yuan(wan(self.own) + wan(self.fiscal)), "budget": self.budget(), **changes,
        }  # fmt: skip


CHENGYU = Unit(
    "chengyu", "P-CHENGYU-01", ("linping-officer", "hangzhou-officer"), "39", "1600", "400", ("300", "10000")
)
YONGWANG = Unit("yongwang", "P-YONGWANG-01", ("haishu-officer", "ningbo-officer"), "40", "480", "120", ("400", "10000"))
LONGXI = Unit("longxi", "P-LONGXI-01", ("longquan-officer", "lishui-officer"), "14", "120", "80", ("80", "10000"))
CANGYU = Unit("cangyu", "P-CANGYU-01", ("shengsi-officer", "zhoushan-officer"), "37", "150", "100", ("335", "10000"))
KEYUAN = Unit("keyuan", "P-KEYUAN-01", ("qujiang-officer", "quzhou-officer"), "34", "300", "100", ("146", "10000"))
YUEFANG = Unit("yuefang", "P-YUEFANG-01", ("yuecheng-officer", "shaoxing-officer"), "17", "400", "100", ("87", "10000"))
ZHIDONG = Unit("zhidong", "P-ZHIDONG-01", (), "65", "0", "100.01")
YUNQIWAN = Unit("yunqiwan", "P-YUNQIWAN-01", (), "65", "0", "800")
COMPETITORS = (CHENGYU, YONGWANG, LONGXI, CANGYU, KEYUAN, YUEFANG, ZHIDONG)
