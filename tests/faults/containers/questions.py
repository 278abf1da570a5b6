"""What the observer asks the databases, in SQL. Everything that the load makes has a name that begins with `load-`."""

TRAIL = """
select a.title, count(*) from trail t join {table} a on a.id = t.aggregate_id
where a.title like 'load-%' and t.entry::json->>'action' = '{action}' group by 1
"""
NAMED = "select {name}, count(*) from {table} where {name} like 'load-%' group by 1"
EFFECTS = {
    "draft": ("application", NAMED.format(table="application", name="title")),
    "submit": ("application", TRAIL.format(table="application", action="application-submitted")),
    "return": ("application", TRAIL.format(table="application", action="desk-decided")),
    "spend": ("funding", "select note, count(*) from ledger_transaction where note like 'load-%' group by 1"),
    "milestone": ("oversight", NAMED.format(table="milestone", name="name")),
    "expert": ("review", NAMED.format(table="expert", name="person")),
    "entry": ("bulletin", NAMED.format(table="entry", name="title")),
    "opinion": (
        "bulletin",
        """select e.title || '/' || o.kind, count(*) from panel_opinion o join entry e on e.id = o.entry_id
        where e.title like 'load-%' group by 1""",
    ),
    "review": ("bulletin", TRAIL.format(table="entry", action="entry-reviewed")),
    "publish": ("bulletin", TRAIL.format(table="entry", action="entry-published")),
}
"""Kind of command -> the service, and a statement: key and how often its effect is there."""

OUTBOX = "select aggregate_id::text, array_agg(sequence order by sequence) from outbox group by 1"
UNSENT = "select count(*) from outbox where sent_at is null"
INBOX = """
select split_part(consumer, ' < /jiebang/', 2) as source, aggregate_id::text as aggregate, sequence, held,
  failure is not null as parked
from inbox where consumer like '% < /jiebang/%'
"""

SUBMITTED = """
select aggregate_id::text as about, case split_part(type, '.', 3)
  when 'application-submitted' then 'SUBMITTED' when 'application-returned' then 'RETURNED'
  when 'application-refused' then 'REFUSED' when 'application-withdrawn' then 'WITHDRAWN'
  when 'application-recommended' then 'RECOMMENDED' end as said
from outbox
where type like 'jiebang.application.application-%'
  and (type not like '%-recommended.v1' or (payload->>'complete')::boolean)
order by aggregate_id, sequence
"""
CANDIDATE = """
select c.application_id::text as about, t.entry::json->'content'->>'standing' as said
from trail t join candidate c on c.id = t.aggregate_id
where t.entry::json->>'action' = 'candidate-heard' order by t.aggregate_id, t.sequence
"""
ANNOUNCED = """
select {about} as about, {said} as said from outbox where type = 'jiebang.{type}.v1' order by aggregate_id, sequence
"""
RECORDED = """
select {about} as about, {said} as said from trail where entry::json->>'action' = '{action}'
order by aggregate_id, sequence
"""
REACTIONS = {
    "review takes in applications": ("application", SUBMITTED, "review", CANDIDATE),
    "application opens calls": (
        "bulletin", ANNOUNCED.format(about="aggregate_id::text", said="'open'", type="bulletin.entry-published"),
        "application", RECORDED.format(about="entry::json->'content'->>'entry'", said="'open'", action="call-opened"),
    ),
    "review hears of closed calls": (
        "application",
        ANNOUNCED.format(about="payload->>'entry_id'", said="payload->>'digest'", type="application.call-closed"),
        "review",
        RECORDED.format(about="aggregate_id::text", said="entry::json->'content'->>'digest'", action="call-closed"),
    ),
    "oversight takes over projects": (
        "funding", ANNOUNCED.format(about="aggregate_id::text", said="'over'", type="funding.project-approved"),
        "oversight", RECORDED.format(about="aggregate_id::text", said="'over'", action="project-taken-over"),
    ),
    "funding hears of started projects": (
        "oversight", ANNOUNCED.format(about="aggregate_id::text", said="'start'", type="oversight.project-started"),
        "funding", RECORDED.format(about="aggregate_id::text", said="'start'", action="project-start-heard"),
    ),
}  # fmt: skip
"""Who announces and how, who reacts and where that is recorded. The trail has a line for every effect, so that a
repeated one shows where the effect itself would not."""

CLOSED = "select entry_id::text, count, digest, id from call where state = 'CLOSED' and title like 'load-%'"
STANDING = "select id::text from application where call_id = $1 and state in ('SUBMITTED', 'RECOMMENDED')"
HEARD = "select id::text, count, digest from call where count is not null"

LEADER = """
select distinct host(a.client_addr) from pg_locks l join pg_stat_activity a using (pid)
where l.locktype = 'advisory' and l.granted and a.datname = $1 and a.usename = $1
"""
"""Where the worker is that holds the consumer's lock."""

LEDGER = {
    "posting {}: its lines do not sum to zero": """
        select t.id::text from ledger_transaction t left join ledger_line l on l.transaction_id = t.id
        group by t.id having count(l) < 2 or sum(l.amount_fen) <> 0""",
    "account {}: it is not the sum of its lines": """
        select coalesce(a.project_id, l.project_id) || '/' || coalesce(a.account, l.account) from ledger_account a
        full join (select project_id, account, sum(amount_fen) as balance from ledger_line group by 1, 2) l
          using (project_id, account)
        where a.debits_fen - a.credits_fen is distinct from l.balance""",
    "account {}: it is overdrawn": """
        select project_id || '/' || account from ledger_account
        where account <> 'BUDGET' and debits_fen < credits_fen""",
    "project {}: spending and its trail differ": """
        select p.id::text from project p
        where (select count(*) from ledger_transaction t where t.project_id = p.id and t.kind = 'SPENDING')
          <> (select count(*) from trail t where t.aggregate_id = p.id and t.entry::json->>'action' = 'spent')""",
}
"""What is said of what each statement finds."""
