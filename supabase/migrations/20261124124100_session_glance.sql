-- What a page that asks every few seconds is told, without the plan and the transcript; null where there is no session.
-- → {session:{id, status, phase, end_reason}, writers, connected}
create function public.session_glance(p_session uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'session', jsonb_build_object(
      'id', s.id, 'status', s.status, 'phase', s.phase, 'end_reason', s.end_reason
    ),
    'writers', public.writer_marks(s.id),
    -- A call is under way, which somebody should look after.
    'connected', exists (
      select from public.session_calls c
      where c.session_id = s.id and c.closed_at is null and c.connected_at is not null
    )
  )
  from public.interview_sessions s
  where s.id = p_session
$$;
revoke all on function public.session_glance(uuid) from public, anon, authenticated;
grant execute on function public.session_glance(uuid) to service_role;
