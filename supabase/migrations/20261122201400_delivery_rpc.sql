-- Taking rows and ending sessions: nothing lost, nothing twice, and said so when something is.

-- Rows of a session that aren't held, up to the highest that anybody told of. `lost` are those that a page gave up.
create function private.absent_ranges(p_session uuid)
returns table (writer_id text, named boolean, first integer, last integer, lost boolean)
language sql stable set search_path = ''
as $$
  with writers as (
    select w.writer_id, w.expected is not null as named, w.lost,
      int4multirange(int4range(w.last_sequence + 1, greatest(
        w.expected, w.last_sequence, upper(w.lost) - 1,
        (select max(e.sequence) from public.transcript_entries e
         where e.session_id = p_session and e.writer_id = w.writer_id)
      ) + 1)) - (
        select coalesce(range_agg(int4range(e.sequence, e.sequence + 1)), '{}')
        from public.transcript_entries e
        where e.session_id = p_session and e.writer_id = w.writer_id and e.sequence > w.last_sequence
      ) as absent
    from public.transcript_writers w
    where w.session_id = p_session
  )
  select w.writer_id, w.named, lower(r), upper(r) - 1, p.lost
  from writers w
  cross join lateral (values (true, w.absent * w.lost), (false, w.absent - w.lost)) as p (lost, ranges)
  cross join lateral unnest(p.ranges) as r
  order by w.writer_id, lower(r)
$$;
revoke all on function private.absent_ranges(uuid) from public, anon, authenticated;

-- Writes down what a finished session doesn't hold.
create function private.record_gaps(p_session uuid) returns void
language sql volatile set search_path = ''
as $$
  update public.interview_sessions
  set gaps = (
    select coalesce(jsonb_agg(jsonb_build_object(
      'writer_id', a.writer_id, 'from', a.first, 'to', a.last, 'lost', a.lost
    )), '[]')
    from (select * from private.absent_ranges(p_session) limit 1000) a
  )
  where id = p_session
$$;
revoke all on function private.record_gaps(uuid) from public, anon, authenticated;

-- Raises a writer's mark over all that is held without a gap, and returns it. The writer's row must be locked.
create function private.raise_mark(p_session uuid, p_writer text) returns integer
language sql volatile set search_path = ''
as $$
  update public.transcript_writers w
  set last_sequence = w.last_sequence + (
    select count(*) from (
      select e.sequence - row_number() over (order by e.sequence) as shift
      from public.transcript_entries e
      where e.session_id = p_session and e.writer_id = p_writer and e.sequence > w.last_sequence
    ) s
    where s.shift = w.last_sequence
  )
  where w.session_id = p_session and w.writer_id = p_writer
  returning w.last_sequence
$$;
revoke all on function private.raise_mark(uuid, text) from public, anon, authenticated;

-- Stores one row, as it is or as a tombstone when the table won't have it. → 'stored' or 'tombstone'
create function private.store_entry(p_session public.interview_sessions, p_source text, p_writer text, p_entry jsonb)
returns text
language plpgsql volatile set search_path = ''
as $$
declare
  v_sequence constant integer := (p_entry ->> 'sequence')::integer;
  v_hash constant text := private.sha256_hex(p_entry::text);
  v_why text := left(p_entry ->> 'tombstone', 200);
begin
  if v_why is null and not exists (
    select from public.session_calls
    where session_id = p_session.id and id::text = p_entry ->> 'call_id'
  ) then
    v_why := 'names no call of this session';
  end if;
  if v_why is null then
    begin
      insert into public.transcript_entries (
        tenant_id, session_id, writer_id, sequence, source, entry_id, revision, role, text, status, call_id,
        item_id, previous_item_id, position, started_ms, ended_ms, heard_ms, language, body_hash
      ) values (
        p_session.tenant_id, p_session.id, p_writer, v_sequence, p_source, p_entry ->> 'entry_id',
        (p_entry ->> 'revision')::integer, p_entry ->> 'role', p_entry ->> 'text', p_entry ->> 'status',
        (p_entry ->> 'call_id')::uuid, p_entry ->> 'item_id', p_entry ->> 'previous_item_id',
        (p_entry ->> 'position')::double precision, (p_entry ->> 'started_ms')::bigint,
        (p_entry ->> 'ended_ms')::bigint, (p_entry ->> 'heard_ms')::bigint, p_entry ->> 'language', v_hash
      );
      return 'stored';
    exception when data_exception or integrity_constraint_violation then
      v_why := 'does not fit the table';
    end;
  end if;
  insert into public.transcript_entries
    (tenant_id, session_id, writer_id, sequence, source, tombstone, body_hash)
  values (p_session.tenant_id, p_session.id, p_writer, v_sequence, p_source, v_why, v_hash);
  return 'tombstone';
end
$$;
revoke all on function private.store_entry(public.interview_sessions, text, text, jsonb)
  from public, anon, authenticated;

-- Takes a batch of rows of one writer: protocol Acknowledgement. Rows are known by their sequence, so sending a batch
-- again is harmless; the same sequence with another body is refused and recorded. A row {sequence, tombstone} holds
-- its place without being read. Errors: not_found, bad_request, call_not_found, delivery_expired, session_limit.
create function public.store_entries(p_session uuid, p_writer text, p_source text, p_entries jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_entry jsonb;
  v_sequence numeric;
  v_held text;
  v_stored integer := 0;
  v_duplicates integer := 0;
  v_refused jsonb := '[]';
  v_conflicts jsonb := '[]';
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
    from public.transcript_writers where session_id = p_session
  ) then
    return private.refusal('session_limit');
  end if;
  insert into public.transcript_writers (session_id, writer_id, source)
  values (p_session, p_writer, p_source) on conflict do nothing;
  perform from public.transcript_writers where session_id = p_session and writer_id = p_writer for update;

  for v_entry in select value from jsonb_array_elements(p_entries) loop
    v_sequence := case when jsonb_typeof(v_entry -> 'sequence') = 'number'
      then (v_entry ->> 'sequence')::numeric end;
    if v_sequence is null or v_sequence <> trunc(v_sequence) or v_sequence not between 1 and 1000000 then
      v_refused := v_refused || jsonb_build_object('sequence', 0, 'code', 'invalid');
      continue;
    end if;
    if v_entry ->> 'writer_id' is distinct from p_writer then
      v_refused := v_refused || jsonb_build_object('sequence', v_sequence, 'code', 'wrong_writer');
      continue;
    end if;
    select body_hash into v_held from public.transcript_entries
    where session_id = p_session and writer_id = p_writer and sequence = v_sequence;
    if not found then
      if private.store_entry(v_session, p_source, p_writer, v_entry) = 'stored' then
        v_stored := v_stored + 1;
      else
        v_refused := v_refused || jsonb_build_object('sequence', v_sequence, 'code', 'tombstone');
      end if;
    elsif v_held = private.sha256_hex(v_entry::text) then
      v_duplicates := v_duplicates + 1;
    else
      v_refused := v_refused || jsonb_build_object('sequence', v_sequence, 'code', 'conflict');
      v_conflicts := v_conflicts || v_sequence::text::jsonb;
    end if;
  end loop;

  if v_session.ended_at is not null and (v_stored > 0 or v_refused @> '[{"code": "tombstone"}]') then
    -- Late rows: what was settled is settled anew.
    perform private.want_job(p_session, 'process_transcript');
  end if;
  if v_conflicts <> '[]' then
    insert into public.integrity_events (tenant_id, session_id, kind, detail)
    values (v_session.tenant_id, p_session, 'sequence_conflict',
      jsonb_build_object('writer_id', p_writer, 'sequences', v_conflicts));
  end if;
  return jsonb_build_object(
    'writer_id', p_writer,
    'last_sequence', private.raise_mark(p_session, p_writer),
    'stored', v_stored, 'duplicates', v_duplicates, 'refused', v_refused
  );
end
$$;

-- Ends a session for good: status, gaps and job in one transaction. The session's row must be locked.
create function private.finish_session(p_session uuid, p_status text, p_reason text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  update public.interview_sessions
  set status = p_status, end_reason = coalesce(end_reason, p_reason), ended_at = now()
  where id = p_session;
  update public.session_calls set closed_at = now(), close_reason = 'session_ended'
  where session_id = p_session and closed_at is null;
  perform private.record_gaps(p_session);
  perform private.want_job(p_session, 'process_transcript');
end
$$;
revoke all on function private.finish_session(uuid, text, text) from public, anon, authenticated;

-- Notes what a page knows of its writers. False where it names something that can't be.
create function private.note_writers(p_session uuid, p_writers jsonb, p_lost jsonb) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
  if (select count(*) from jsonb_object_keys(p_writers)) > 200 or jsonb_array_length(p_lost) > 100 then
    return false;
  end if;
  insert into public.transcript_writers as w (session_id, writer_id, source, expected, lost)
  select p_session, n.writer_id, case left(n.writer_id, 1) when 's' then 'server' else 'browser' end,
    max(n.expected), range_agg(n.lost)
  from (
    select key as writer_id, value::text::integer as expected, int4range(1, 1) as lost
    from jsonb_each(p_writers)
    union all
    select l ->> 'writer_id', null,
      int4range((l ->> 'from')::integer, least((l ->> 'to')::integer, 1000000) + 1)
    from jsonb_array_elements(p_lost) l
  ) n
  where n.expected is null or n.expected between 0 and 1000000
  group by n.writer_id
  on conflict (session_id, writer_id) do update
  set expected = greatest(w.expected, excluded.expected), lost = w.lost + excluded.lost;
  return true;
exception when data_exception or integrity_constraint_violation then
  return false;
end
$$;
revoke all on function private.note_writers(uuid, jsonb, jsonb) from public, anon, authenticated;

-- Ends a session: `ending` at once, `completed` as soon as every row of the named writers is held, or given up as lost,
-- or p_force. The first reason that anybody gave stands. → protocol CompletionOutcome. Errors: not_found, bad_request.
create function public.complete_session(
  p_session uuid, p_reason text, p_writers jsonb, p_lost jsonb, p_force boolean
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_missing jsonb;
begin
  select * into v_session from public.interview_sessions where id = p_session for update;
  if v_session.id is null then
    return private.refusal('not_found');
  end if;
  if v_session.ended_at is not null then
    return jsonb_build_object('status', v_session.status, 'missing', '[]'::jsonb);
  end if;
  if not private.note_writers(p_session, coalesce(p_writers, '{}'), coalesce(p_lost, '[]')) then
    return private.refusal('bad_request');
  end if;
  update public.interview_sessions
  set status = 'ending', end_reason = coalesce(end_reason, p_reason), ending_at = coalesce(ending_at, now())
  where id = p_session;
  select coalesce(jsonb_agg(jsonb_build_object('writer_id', writer_id, 'from', first, 'to', last)), '[]')
  into v_missing
  from (
    select * from private.absent_ranges(p_session) where named and not lost limit 100
  ) absent;
  if v_missing <> '[]' and not coalesce(p_force, false) then
    return jsonb_build_object('status', 'ending', 'missing', v_missing);
  end if;
  perform private.finish_session(p_session, 'completed', p_reason);
  return jsonb_build_object('status', 'completed', 'missing', v_missing);
exception when check_violation then
  return private.refusal('bad_request');
end
$$;

-- Ends what nobody ended: sessions that have been ending for a minute, those long past their deadline, and those that
-- never began. → {completed, abandoned}
create function public.expire_sessions() returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_completed integer := 0;
  v_abandoned integer := 0;
begin
  for v_session in
    select * from public.interview_sessions
    where (status = 'ending' and ending_at < now() - interval '60 seconds')
      or (status = 'active' and deadline_at + private.overtime() < now())
      or (status = 'created' and created_at < now() - interval '30 days')
    order by created_at
    limit 100
    for update skip locked
  loop
    if v_session.status = 'ending' then
      perform private.finish_session(v_session.id, 'completed', 'technical');
      v_completed := v_completed + 1;
    else
      perform private.finish_session(v_session.id, 'abandoned', 'absent');
      v_abandoned := v_abandoned + 1;
    end if;
  end loop;
  return jsonb_build_object('completed', v_completed, 'abandoned', v_abandoned);
end
$$;

revoke all on function
  public.store_entries(uuid, text, text, jsonb),
  public.complete_session(uuid, text, jsonb, jsonb, boolean),
  public.expire_sessions()
from public, anon, authenticated;
grant execute on function
  public.store_entries(uuid, text, text, jsonb),
  public.complete_session(uuid, text, jsonb, jsonb, boolean),
  public.expire_sessions()
to service_role;
