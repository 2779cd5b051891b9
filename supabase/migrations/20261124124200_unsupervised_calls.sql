-- Interviews that no supervisor follows: only where the tenant takes them, and marked as such.

alter table public.tenants
  -- Takes interviews at providers that give the server no channel into a call.
  add column allow_unsupervised boolean not null default false;

-- Marks a call as one that nobody supervises. Errors: call_not_found, supervision_unavailable (the tenant wants none).
create function public.allow_unsupervised(p_call uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_call public.session_calls := (select c from public.session_calls c where c.id = p_call);
begin
  if v_call.id is null then
    return private.refusal('call_not_found');
  end if;
  if not (select allow_unsupervised from public.tenants where id = v_call.tenant_id) then
    return private.refusal('supervision_unavailable');
  end if;
  insert into public.integrity_events (tenant_id, session_id, call_id, kind)
  select v_call.tenant_id, v_call.session_id, v_call.id, 'unsupervised'
  where not exists (
    select from public.integrity_events where call_id = v_call.id and kind = 'unsupervised'
  );
  return jsonb_build_object('ok', true);
end
$$;
revoke all on function public.allow_unsupervised(uuid) from public, anon, authenticated;
grant execute on function public.allow_unsupervised(uuid) to service_role;

-- As before, and with the calls in which somebody talked unsupervised.
create or replace function public.report_source(p_session uuid) returns jsonb
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
    'unsupervised_calls', (
      select coalesce(jsonb_agg(c.ordinal order by c.ordinal), '[]')
      from public.session_calls c
      where c.session_id = s.id and c.connected_at is not null
        and exists (
          select from public.integrity_events e where e.call_id = c.id and e.kind = 'unsupervised'
        )
    ),
    'transcript', private.transcript_rows(s.id)
  )
  from public.interview_sessions s
  join public.interviews i on i.id = s.interview_id
  where s.id = p_session
$$;
