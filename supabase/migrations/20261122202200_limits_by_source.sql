-- The limits of writers and rows count for each source alone: a page that names many writers can't keep the server from
-- writing its own record down. A batch of which nothing is stored leaves no writer behind.

-- Takes a batch of rows of one writer: protocol Acknowledgement. Rows are known by their sequence, so sending a batch
-- again is harmless; the same sequence with another body is refused and recorded. A row {sequence, tombstone} holds
-- its place without being read. Errors: not_found, bad_request, call_not_found, delivery_expired, session_limit.
create or replace function public.store_entries(p_session uuid, p_writer text, p_source text, p_entries jsonb) returns jsonb
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

  if v_new = 1 and v_stored = 0 and not v_refused @> '[{"code": "tombstone"}]' then
    -- Rows need their writer, so it came first; nobody else has seen it yet.
    delete from public.transcript_writers where session_id = p_session and writer_id = p_writer;
  end if;
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
    'last_sequence', coalesce(private.raise_mark(p_session, p_writer), 0),
    'stored', v_stored, 'duplicates', v_duplicates, 'refused', v_refused
  );
end
$$;
