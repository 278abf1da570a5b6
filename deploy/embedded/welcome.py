"""What `make up` leaves on the screen."""

import re
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.console import Console

from deploy.embedded.layout import GATEWAY, ISSUER, KAFKA
from deploy.embedded.tokens import personas

FIRST_PERSONA = "hangzhou-officer"
FIRST_QUERY = "{ entries(first: 5) { edges { node { number title state } } } }"


def people() -> list[tuple[str, str, str]]:
    """The personas, those who differ by their number only in one line."""
    lines = []
    for _, group in groupby(personas().items(), lambda one: re.sub(r"-\d\d$", "", one[0])):
        (first, persona), *others = group
        name = f"{first} … {others[-1][0]}" if others else first
        lines.append((name, persona.about_zh, persona.about_en))
    return lines


def welcome(console: Console) -> None:
    """Where things are, who one can be, what to try first."""
    lines = people()
    widths = [max(cell_len(line[column]) for line in lines) + 2 for column in range(2)]
    console.print("\nPersonas 角色 (make token AS=…)")
    for line in lines:
        padded = [set_cell_size(text, width) for text, width in zip(line, widths, strict=False)]
        console.print("".join([*padded, line[2]]), markup=False, highlight=False, soft_wrap=True)
    rest = f"""
Gateway 网关       {GATEWAY} (open it in a browser to try queries 浏览器打开即可试用)
Issuer 身份签发    {ISSUER}
Broker 消息        {KAFKA} (Kafka protocol, in memory)
Token 令牌         make token AS={FIRST_PERSONA}
First query 试查   {first_query()}
Guided tour 演示   make demo
Stop 停止          make down"""
    console.print(rest, markup=False, highlight=False, soft_wrap=True)


def first_query() -> str:
    """A line to paste into the shell."""
    token = f'"authorization: Bearer $(make -s token AS={FIRST_PERSONA})"'
    return f"""curl -s {GATEWAY} -H 'content-type: application/json' -H {token} -d '{{"query":"{FIRST_QUERY}"}}'"""
