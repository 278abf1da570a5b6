"""Row-level security, written once: the SQL that migrations apply to every tenant-scoped table.

Who may read is data: a row's `sight` holds labels, a principal's labels are `app.readers`, and the two must
overlap. The form is fail-closed by itself (nothing set is NULL, which overlaps nothing) and plannable with a GIN
index. Writing needs an office at or above the row's home, or to be its owner; a link widens sight only.
"""

TENANT_COLUMNS = """
  tenant_path ltree not null check (nlevel(tenant_path) > 0),
  linked_paths ltree[] not null default '{}',
  owner text,
  sight text[] not null
"""

_SEES = "sight && string_to_array(nullif(current_setting('app.readers', true), ''), ',')"
_HOLDS = (
    "(ltree_risparent({t}tenant_path, (select nullif(current_setting('app.tenant', true), ''))::ltree)"
    " or {t}owner = any(string_to_array(nullif(current_setting('app.selves', true), ''), ',')))"
)


def protect(table: str, *, owner: str) -> list[str]:
    """Statements that scope `table`, which has the tenant columns.

    `owner` runs migrations. FORCE binds it too, so without its own policy a backfill would
    update no row and say so to no one.
    """
    holds = _HOLDS.format(t="")
    return [
        f"create index {table}_sight on {table} using gin (sight)",
        *_enable(table, owner),
        f"create policy sees on {table} for select using ({_SEES})",
        f"create policy adds on {table} for insert with check ({holds})",
        f"create policy changes on {table} for update using ({holds}) with check ({holds})",
    ]


def protect_part(table: str, *, of: str, key: str, owner: str) -> list[str]:
    """Statements that scope a table of parts by the aggregate they belong to: `key` is the foreign key.

    The subselect runs under the aggregate's own policies, so a part is seen where its whole is.
    """
    seen = f"exists (select from {of} whole where whole.id = {table}.{key})"
    held = f"exists (select from {of} whole where whole.id = {table}.{key} and {_HOLDS.format(t='whole.')})"
    return [
        f"create index {table}_{key} on {table} ({key})",
        *_enable(table, owner),
        f"create policy sees on {table} for select using ({seen})",
        f"create policy adds on {table} for insert with check ({held})",
        f"create policy changes on {table} for update using ({held}) with check ({held})",
        f"create policy removes on {table} for delete using ({held})",
    ]


def _enable(table: str, owner: str) -> list[str]:
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy maintains on {table} to {owner} using (true) with check (true)",
    ]


def app_role(role: str, *, owner: str) -> list[str]:
    """Statements (run by the cluster's superuser) for the role a service connects as: it owns nothing.

    Plans depend on the reader, so none may be reused for another. PostgreSQL plans afresh
    only statements that have a parameter: bind at least the page size.
    """
    return [
        f"alter role {role} set plan_cache_mode = force_custom_plan",
        f"alter role {role} set jit = off",  # compiling takes longer than any of our statements
        f"alter role {role} set idle_in_transaction_session_timeout = '30s'",
        f"alter default privileges for role {owner} grant select, insert, update on tables to {role}",
        f"alter default privileges for role {owner} grant usage on sequences to {role}",
    ]
