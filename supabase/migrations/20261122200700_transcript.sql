-- What was said: rows as their writers sent them, and the one reading of them.

create table public.transcript_writers (
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  -- `b_…` a page load, `s_<call>_<lease epoch>` a supervisor.
  writer_id text not null check (
    writer_id ~ '^(b_[A-Za-z0-9_-]{16,43}|s_[0-9a-f-]{36}_[0-9]{1,9})$'
  ),
  source text not null constraint transcript_writers_source_check check (source in ('browser', 'server')),
  -- High-water mark: every sequence up to it is held.
  last_sequence integer not null default 0 check (last_sequence >= 0),
  -- How many there are, once somebody who knows said so.
  expected integer check (expected >= 0),
  -- Sequences that the page knows it lost.
  lost int4multirange not null default '{}',
  created_at timestamptz not null default now(),
  primary key (session_id, writer_id),
  check ((source = 'server') = (writer_id like 's\_%'))
);
alter table public.transcript_writers enable row level security;

create table public.transcript_entries (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  session_id uuid not null,
  writer_id text not null,
  sequence integer not null check (sequence between 1 and 1000000),
  -- From the credential, never from the row.
  source text not null constraint transcript_entries_source_check check (source in ('browser', 'server')),
  -- Why the row couldn't be stored. It holds its sequence, so that nothing waits for it for ever, and isn't read.
  tombstone text check (char_length(tombstone) <= 200),
  entry_id text,
  revision integer check (revision >= 0),
  role text constraint transcript_entries_role_check check (role in ('candidate', 'interviewer', 'system')),
  text text check (octet_length(text) <= 32768),
  status text constraint transcript_entries_status_check
    check (status in ('final', 'interrupted', 'failed', 'inaudible')),
  call_id uuid references public.session_calls (id) on delete cascade,
  item_id text check (item_id ~ '^[\x21-\x7e]{1,128}$'),
  previous_item_id text check (previous_item_id ~ '^[\x21-\x7e]{1,128}$'),
  -- Order within (call, source).
  position double precision,
  -- Milliseconds from the start of the call.
  started_ms bigint check (started_ms >= 0),
  ended_ms bigint check (ended_ms >= 0),
  heard_ms bigint check (heard_ms >= 0),
  language text check (char_length(language) <= 35),
  -- SHA-256 of the row as it came: the same sequence with another body is no repetition.
  body_hash text not null,
  stored_at timestamptz not null default now(),
  unique (session_id, writer_id, sequence),
  foreign key (session_id, writer_id)
    references public.transcript_writers (session_id, writer_id) on delete cascade,
  check (
    tombstone is not null or (
      num_nulls(entry_id, revision, role, text, status, call_id, position) = 0
      and starts_with(entry_id, call_id::text || '.')
      and octet_length(entry_id) between 38 and 165
    )
  )
);
create index transcript_entries_reading
  on public.transcript_entries (session_id, entry_id, source, revision desc, id desc)
  where tombstone is null;
create index transcript_entries_call on public.transcript_entries (call_id);
create index transcript_entries_tenant on public.transcript_entries (tenant_id);
alter table public.transcript_entries enable row level security;

create trigger entries_stand before update on public.transcript_entries
  for each row execute function private.refuse_change();

revoke all on public.transcript_writers, public.transcript_entries from anon, authenticated, service_role;
grant select on public.transcript_entries to authenticated;
grant select on public.transcript_writers, public.transcript_entries to service_role;

create policy "Members see the transcripts of their tenant" on public.transcript_entries
  for select to authenticated using (private.is_member(tenant_id));
create policy "Candidates see the transcripts of their own sessions" on public.transcript_entries
  for select to authenticated using (private.may_read_session(session_id));

-- The transcript as everybody reads it: one row an utterance, the server's copy where there is one, heard_ms from the
-- browser. A row's anchor is the server's position of its utterance; a row that only the browser has stands behind its
-- nearest browser predecessor that the server has too.
create view public.transcript_current with (security_invoker = true) as
with latest as (
  -- The latest word of each side about each utterance.
  select distinct on (session_id, entry_id, source)
    session_id, entry_id, source, role, text, status, call_id, position, started_ms, ended_ms, heard_ms
  from public.transcript_entries
  where tombstone is null
  order by session_id, entry_id, source, revision desc, id desc
),
utterances as (
  select
    l.*,
    max(position) filter (where source = 'server') over same as server_position,
    max(position) filter (where source = 'browser') over same as browser_position,
    max(heard_ms) filter (where source = 'browser') over same as browser_heard_ms,
    row_number() over (partition by session_id, entry_id order by source desc) as choice
  from latest l
  window same as (partition by session_id, entry_id)
),
chosen as (
  select
    u.*,
    -- Counts up at each row that both sides have, so that those behind it share its number.
    count(server_position) over (
      partition by session_id, call_id, browser_position is null
      order by browser_position, entry_id
    ) as stretch
  from utterances u
  where choice = 1
),
anchored as (
  select
    c.*,
    coalesce(
      server_position,
      first_value(server_position) over (
        partition by session_id, call_id, browser_position is null, stretch
        order by browser_position, entry_id
      ),
      0
    ) as anchor
  from chosen c
)
select
  a.session_id,
  a.entry_id,
  a.role,
  a.text,
  a.status,
  a.call_id,
  k.ordinal as call_ordinal,
  a.source,
  a.started_ms,
  a.ended_ms,
  coalesce(a.browser_heard_ms, a.heard_ms) as heard_ms,
  row_number() over (
    partition by a.session_id
    order by k.ordinal, a.anchor, a.server_position is null, a.browser_position, a.entry_id
  ) as ordinal
from anchored a
join public.session_calls k on k.id = a.call_id;

revoke all on public.transcript_current from anon, authenticated, service_role;
grant select on public.transcript_current to authenticated, service_role;

-- One side's rows alone, in its own order: for comparing the two.
create function public.transcript_of_source(p_session uuid, p_source text)
returns table (
  session_id uuid, entry_id text, role text, text text, status text, call_id uuid, call_ordinal integer,
  source text, started_ms bigint, ended_ms bigint, heard_ms bigint, ordinal bigint
)
language sql stable security invoker set search_path = ''
as $$
  select
    l.session_id, l.entry_id, l.role, l.text, l.status, l.call_id, k.ordinal, l.source,
    l.started_ms, l.ended_ms, l.heard_ms,
    row_number() over (order by k.ordinal, l.position, l.entry_id)
  from (
    select distinct on (e.entry_id) e.*
    from public.transcript_entries e
    where e.session_id = p_session and e.source = p_source and e.tombstone is null
    order by e.entry_id, e.revision desc, e.id desc
  ) l
  join public.session_calls k on k.id = l.call_id
  order by k.ordinal, l.position, l.entry_id
$$;
revoke all on function public.transcript_of_source(uuid, text) from public, anon, authenticated;
grant execute on function public.transcript_of_source(uuid, text) to authenticated, service_role;

-- The settled reading of a session as protocol TranscriptRow[].
create function private.transcript_rows(p_session uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'entry_id', t.entry_id, 'role', t.role, 'text', t.text, 'status', t.status,
    'call_id', t.call_id, 'call_ordinal', t.call_ordinal, 'source', t.source,
    'started_ms', t.started_ms, 'ended_ms', t.ended_ms, 'heard_ms', t.heard_ms
  ) order by t.ordinal), '[]')
  from public.transcript_current t
  where t.session_id = p_session
$$;
revoke all on function private.transcript_rows(uuid) from public, anon, authenticated;
