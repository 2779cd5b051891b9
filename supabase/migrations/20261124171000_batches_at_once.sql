-- A batch is stored by one statement. Row by row, each in a subtransaction of its own, took several times as long; that
-- is left for batches that hold a row which the table won't have.

-- What there is to do with each row of a batch: `new`, `tombstone` (and why), `duplicate`, `conflict`, or what it is
-- refused for. Of a sequence that comes twice the first counts. The writer's row must be locked.
create function private.sort_batch(p_session uuid, p_writer text, p_entries jsonb)
returns table (ordinal bigint, sequence integer, entry jsonb, hash text, verdict text, why text)
language sql stable set search_path = ''
as $$
  with given as (
    select g.ordinality, g.value as entry, private.sha256_hex(g.value::text) as hash,
      g.value ->> 'writer_id' is not distinct from p_writer as own,
      case when jsonb_typeof(g.value -> 'sequence') = 'number' then (g.value ->> 'sequence')::numeric end as number
    from jsonb_array_elements(p_entries) with ordinality g (value, ordinality)
  ),
  numbered as (
    select *, case when number = trunc(number) and number between 1 and 1000000 then number::integer end as sequence
    from given
  ),
  compared as (
    select n.*, e.body_hash as held,
      row_number() over same as turn, first_value(n.hash) over same as first_hash
    from numbered n
    left join public.transcript_entries e
      on e.session_id = p_session and e.writer_id = p_writer and e.sequence = n.sequence
    window same as (partition by n.sequence, n.own order by n.ordinality)
  )
  select c.ordinality, coalesce(c.sequence, 0), c.entry, c.hash,
    case
      when c.sequence is null then 'invalid'
      when not c.own then 'wrong_writer'
      when c.held is null and c.turn = 1 then case when w.why is null then 'new' else 'tombstone' end
      when c.hash = coalesce(c.held, c.first_hash) then 'duplicate'
      else 'conflict'
    end,
    w.why
  from compared c
  left join public.session_calls k on k.session_id = p_session and k.id::text = c.entry ->> 'call_id'
  cross join lateral (
    select coalesce(
      left(c.entry ->> 'tombstone', 200),
      case when k.id is null then 'names no call of this session' end
    ) as why
  ) w
  order by c.ordinality
$$;
revoke all on function private.sort_batch(uuid, text, jsonb) from public, anon, authenticated;

-- What is told of a batch, by its rows' verdicts in order.
create function private.told_of_batch(p_verdicts jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object(
    'stored', count(*) filter (where v.code in ('new', 'stored')),
    'duplicates', count(*) filter (where v.code = 'duplicate'),
    'refused', coalesce(jsonb_agg(v.value order by v.ordinality)
      filter (where v.code not in ('new', 'stored', 'duplicate')), '[]'),
    'conflicts', coalesce(jsonb_agg(v.value -> 'sequence' order by v.ordinality)
      filter (where v.code = 'conflict'), '[]')
  )
  from (
    select value, ordinality, value ->> 'code' as code
    from jsonb_array_elements(coalesce(p_verdicts, '[]')) with ordinality e (value, ordinality)
  ) v
$$;
revoke all on function private.told_of_batch(jsonb) from public, anon, authenticated;

-- Stores what of a batch is new, in one statement. → protocol Acknowledgement without its mark, and `conflicts`.
-- Fails as a whole where the table won't have one of the rows.
create function private.store_batch(p_session public.interview_sessions, p_source text, p_writer text, p_entries jsonb)
returns jsonb
language sql volatile set search_path = ''
as $$
  with sorted as materialized (
    select * from private.sort_batch(p_session.id, p_writer, p_entries)
  ),
  stored as (
    insert into public.transcript_entries (
      tenant_id, session_id, writer_id, sequence, source, entry_id, revision, role, text, status, call_id,
      item_id, previous_item_id, position, started_ms, ended_ms, heard_ms, language, body_hash
    )
    select
      p_session.tenant_id, p_session.id, p_writer, s.sequence, p_source, s.entry ->> 'entry_id',
      (s.entry ->> 'revision')::integer, s.entry ->> 'role', s.entry ->> 'text', s.entry ->> 'status',
      (s.entry ->> 'call_id')::uuid, s.entry ->> 'item_id', s.entry ->> 'previous_item_id',
      (s.entry ->> 'position')::double precision, (s.entry ->> 'started_ms')::bigint,
      (s.entry ->> 'ended_ms')::bigint, (s.entry ->> 'heard_ms')::bigint, s.entry ->> 'language', s.hash
    from sorted s where s.verdict = 'new'
    order by s.ordinal
  ),
  held_open as (
    insert into public.transcript_entries (tenant_id, session_id, writer_id, sequence, source, tombstone, body_hash)
    select p_session.tenant_id, p_session.id, p_writer, s.sequence, p_source, s.why, s.hash
    from sorted s where s.verdict = 'tombstone'
  )
  select private.told_of_batch(jsonb_agg(jsonb_build_object('sequence', s.sequence, 'code', s.verdict) order by s.ordinal))
  from sorted s
$$;
revoke all on function private.store_batch(public.interview_sessions, text, text, jsonb)
  from public, anon, authenticated;

-- The same row by row: what the table won't have becomes a tombstone, and the others are stored.
create function private.store_batch_by_row(
  p_session public.interview_sessions, p_source text, p_writer text, p_entries jsonb
) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_row record;
  v_verdict text;
  v_verdicts jsonb := '[]';
begin
  for v_row in select * from private.sort_batch(p_session.id, p_writer, p_entries) loop
    v_verdict := case when v_row.verdict in ('new', 'tombstone')
      then private.store_entry(p_session, p_source, p_writer, v_row.entry) else v_row.verdict end;
    v_verdicts := v_verdicts || jsonb_build_object('sequence', v_row.sequence, 'code', v_verdict);
  end loop;
  return private.told_of_batch(v_verdicts);
end
$$;
revoke all on function private.store_batch_by_row(public.interview_sessions, text, text, jsonb)
  from public, anon, authenticated;

-- Takes a batch of rows of one writer: protocol Acknowledgement. Rows are known by their sequence, so sending a batch
-- again is harmless; the same sequence with another body is refused and recorded. A row {sequence, tombstone} holds
-- its place without being read. Errors: not_found, bad_request, call_not_found, delivery_expired, session_limit.
create or replace function public.store_entries(p_session uuid, p_writer text, p_source text, p_entries jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_told jsonb;
  v_changed boolean;
  v_new integer;
begin
  if p_writer is null or p_writer !~ '^(b_[A-Za-z0-9_-]{16,43}|s_[0-9a-f-]{36}_[0-9]{1,9})$'
    or p_source is distinct from (case left(p_writer, 1) when 's' then 'server' else 'browser' end)
    or jsonb_typeof(p_entries) is distinct from 'array' then
    return private.refusal('bad_request');
  end if;
  -- The first row fixes the session to its device. Before the lock below, so that two batches don't wait for each other.
  update public.interview_sessions set bound_at = now()
  where id = p_session and bound_at is null and jsonb_array_length(p_entries) > 0;
  -- Shared: batches run beside each other, but never beside the completion that counts them.
  select * into v_session from public.interview_sessions where id = p_session for share;
  if v_session.id is null then
    return private.refusal('not_found');
  end if;
  if v_session.ended_at < now() - interval '24 hours' then
    return private.refusal('delivery_expired');
  end if;
  if p_source = 'server' and not exists (
    select from public.session_calls where session_id = p_session and id::text = substr(p_writer, 3, 36)
  ) then
    return private.refusal('call_not_found');
  end if;
  if (
    select count(*) filter (where writer_id <> p_writer) >= 200 or coalesce(sum(last_sequence), 0) >= 100000
    from public.transcript_writers where session_id = p_session and source = p_source
  ) then
    return private.refusal('session_limit');
  end if;
  insert into public.transcript_writers (session_id, writer_id, source)
  values (p_session, p_writer, p_source) on conflict do nothing;
  get diagnostics v_new = row_count;
  perform from public.transcript_writers where session_id = p_session and writer_id = p_writer for update;

  begin
    v_told := private.store_batch(v_session, p_source, p_writer, p_entries);
  exception when data_exception or integrity_constraint_violation then
    v_told := private.store_batch_by_row(v_session, p_source, p_writer, p_entries);
  end;
  v_changed := (v_told ->> 'stored')::integer > 0 or v_told -> 'refused' @> '[{"code": "tombstone"}]';

  if v_new = 1 and not v_changed then
    -- Rows need their writer, so it came first; nobody else has seen it yet.
    delete from public.transcript_writers where session_id = p_session and writer_id = p_writer;
  end if;
  if v_session.ended_at is not null and v_changed then
    -- Late rows: what was settled is settled anew.
    perform private.want_job(p_session, 'process_transcript');
  end if;
  if v_told -> 'conflicts' <> '[]' then
    insert into public.integrity_events (tenant_id, session_id, kind, detail)
    values (v_session.tenant_id, p_session, 'sequence_conflict',
      jsonb_build_object('writer_id', p_writer, 'sequences', v_told -> 'conflicts'));
  end if;
  return (v_told - 'conflicts') || jsonb_build_object(
    'writer_id', p_writer,
    'last_sequence', coalesce(private.raise_mark(p_session, p_writer), 0)
  );
end
$$;
