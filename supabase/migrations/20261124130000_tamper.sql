-- What happens to a call when a page goes on doing what only the server may: it is ended, or that is only recorded.
alter table public.tenants add column tamper text not null default 'enforce'
  check (tamper in ('record', 'enforce'));

-- As before, with the tenant's choice.
create or replace function public.session_brief(p_session uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'session', jsonb_build_object(
      'id', s.id, 'tenant_id', s.tenant_id, 'candidate_id', s.candidate_id, 'status', s.status,
      'phase', s.phase, 'mode', s.mode, 'locale', s.locale, 'end_reason', s.end_reason,
      'started_at', private.iso(s.started_at), 'deadline_at', private.iso(s.deadline_at),
      'reducer', t.reducer
    ),
    'tenant', jsonb_build_object('name', n.name, 'tamper', n.tamper),
    'interview', jsonb_build_object(
      'id', i.id, 'title', i.title, 'language', i.language, 'duration_s', i.duration_s, 'plan', i.plan
    ),
    'calls', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', c.id, 'ordinal', c.ordinal, 'offer_id', c.offer_id, 'provider', c.provider,
        'provider_call_id', c.provider_call_id, 'opened_at', private.iso(c.opened_at),
        'connected_at', private.iso(c.connected_at), 'closed_at', private.iso(c.closed_at)
      ) order by c.ordinal), '[]')
      from public.session_calls c where c.session_id = s.id
    ),
    'writers', public.writer_marks(s.id),
    'transcript', private.transcript_rows(s.id)
  )
  from public.interview_sessions s
  join public.tenants n on n.id = s.tenant_id
  join public.interviews i on i.id = s.interview_id
  left join public.session_states t on t.session_id = s.id
  where s.id = p_session
$$;
