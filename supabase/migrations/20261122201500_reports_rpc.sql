-- What the transcript processor reads and writes.

-- All that a report is made of. Null for an unknown session.
create function public.report_source(p_session uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'session_id', s.id,
    'end_reason', s.end_reason,
    'started_at', private.iso(s.started_at),
    'ended_at', private.iso(s.ended_at),
    'duration_s', floor(extract(epoch from coalesce(s.ending_at, s.ended_at) - s.started_at)),
    'gaps', (select count(*) from private.absent_ranges(s.id)),
    'questions', i.plan -> 'questions',
    'transcript', private.transcript_rows(s.id)
  )
  from public.interview_sessions s
  join public.interviews i on i.id = s.interview_id
  where s.id = p_session
$$;
revoke all on function public.report_source(uuid) from public, anon, authenticated;
grant execute on function public.report_source(uuid) to service_role;

-- Stores a report. The same again changes nothing. → {changed}
create function public.store_report(p_session uuid, p_report jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_changed boolean;
begin
  insert into public.interview_reports as r (session_id, tenant_id, report, transcript_sha256)
  select id, tenant_id, p_report, p_report ->> 'transcript_sha256'
  from public.interview_sessions where id = p_session
  on conflict (session_id) do update
  set report = excluded.report, transcript_sha256 = excluded.transcript_sha256,
    revision = r.revision + 1, updated_at = now()
  where r.report is distinct from excluded.report;
  v_changed := found;
  perform private.record_gaps(p_session);
  return jsonb_build_object('changed', v_changed);
end
$$;
revoke all on function public.store_report(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.store_report(uuid, jsonb) to service_role;
