-- What a start answers tells the session's mode as well: whoever comes back to an interview in writing needs no
-- microphone, whatever the page would ask for.
create or replace function private.start_result(p_session uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'session', jsonb_build_object(
      'id', s.id, 'status', s.status, 'phase', s.phase, 'mode', s.mode, 'resumable', s.status = 'active',
      'interview', private.interview_summary(i)
    ),
    'candidate_id', s.candidate_id,
    'tenant_id', s.tenant_id,
    'origins', to_jsonb(coalesce(s.origins, t.allowed_origins)),
    'transcript', private.transcript_rows(s.id)
  )
  from public.interview_sessions s
  join public.interviews i on i.id = s.interview_id
  join public.tenants t on t.id = s.tenant_id
  where s.id = p_session
$$;
