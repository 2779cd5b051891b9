-- What a tenant's sessions may cost, as its owner sets it: attempts, minutes and sessions.

alter table public.tenants
  -- Sessions of one interview that one person may begin; of a link for one person also those that went to another device.
  add column max_attempts integer not null default 50 check (max_attempts between 1 and 1000),
  -- Minutes of calls that a session may have which the tenant's backend started; null: what its deadline allows.
  add column max_session_minutes integer check (max_session_minutes between 1 and 1440),
  -- Sessions that may begin within 24 hours.
  add column max_sessions_per_day integer not null default 10000 check (max_sessions_per_day between 1 and 1000000);

-- Sets limits of a tenant: those that are named, the others stay. → all of them. Errors: forbidden, bad_request.
create function private.set_limits(p_tenant uuid, p_limits jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_tenant public.tenants;
begin
  if not private.is_member(p_tenant, array['owner']) then
    return private.refusal('forbidden');
  elsif jsonb_typeof(p_limits) is distinct from 'object'
    or p_limits - array['max_attempts', 'max_session_minutes', 'max_sessions_per_day'] <> '{}' then
    return private.refusal('bad_request');
  end if;
  update public.tenants t
  set (max_attempts, max_session_minutes, max_sessions_per_day) = (
    select n.max_attempts, n.max_session_minutes, n.max_sessions_per_day
    from jsonb_populate_record(t, p_limits) n
  )
  where id = p_tenant
  returning * into v_tenant;
  return jsonb_build_object(
    'max_attempts', v_tenant.max_attempts, 'max_session_minutes', v_tenant.max_session_minutes,
    'max_sessions_per_day', v_tenant.max_sessions_per_day
  );
exception when check_violation or not_null_violation or data_exception then
  return private.refusal('bad_request');
end
$$;
create function public.set_limits(p_tenant uuid, p_limits jsonb) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.set_limits(p_tenant, p_limits) $$;

-- What stands in the way of one more session, or null: session_limit (the person has begun too many of this interview),
-- rate_limited (the tenant has, today). The person is the candidate or the account, where there is one.
create function private.cap_refusal(p_tenant uuid, p_interview uuid, p_candidate uuid, p_user uuid) returns text
language plpgsql volatile set search_path = ''
as $$
declare
  v_tenant public.tenants;
begin
  -- Last of all locks, so that starts of one tenant are counted one after the other and never wait in a circle.
  perform pg_advisory_xact_lock(hashtextextended('sessions of ' || p_tenant, 0));
  select * into v_tenant from public.tenants where id = p_tenant;
  if (
    select count(*) from (
      select from public.interview_sessions
      where tenant_id = p_tenant and created_at > now() - interval '1 day'
      limit v_tenant.max_sessions_per_day
    ) today
  ) >= v_tenant.max_sessions_per_day then
    return 'rate_limited';
  elsif (
    select count(*) from public.interview_sessions s
    join public.candidates c on c.id = s.candidate_id
    where c.tenant_id = p_tenant and (c.id = p_candidate or c.user_id = p_user)
      and s.interview_id = p_interview and s.status <> 'cancelled'
  ) >= v_tenant.max_attempts then
    return 'session_limit';
  end if;
  return null;
end
$$;

-- How long a session may still call by the minutes of its invitation, or of its tenant where a backend started it; null
-- where nobody set a limit. Once its clock runs, its own deadline says so, which pauses move. Until then it may have
-- what the others neither used nor may still use: those whose clock runs until their deadline, and those that asked
-- before and are about to begin their whole interview. Sessions of one invitation ask one after the other, so that none
-- is promised what another was.
create or replace function private.time_left(p_session public.interview_sessions) returns interval
language plpgsql volatile set search_path = ''
as $$
declare
  v_most interval;
begin
  if p_session.invitation_id is null then
    select make_interval(mins => max_session_minutes) into v_most
    from public.tenants where id = p_session.tenant_id;
  else
    select make_interval(mins => max_minutes) into v_most
    from public.interview_invitations where id = p_session.invitation_id;
  end if;
  if v_most is null then
    return null;
  elsif p_session.deadline_at is not null then
    return p_session.deadline_at - now();
  elsif p_session.invitation_id is null then
    return v_most - coalesce((
      select sum(private.call_end(c, null) - c.opened_at)
      from public.session_calls c where c.session_id = p_session.id
    ), interval '0');
  end if;
  -- After the session's row, and before the lock of the tenant: nobody waits in a circle.
  perform pg_advisory_xact_lock(hashtextextended('minutes of ' || p_session.invitation_id, 0));
  return v_most - coalesce((
    select sum(private.call_end(c, s.deadline_at) - c.opened_at)
    from public.interview_sessions s
    join public.session_calls c on c.session_id = s.id
    where s.invitation_id = p_session.invitation_id
  ), interval '0') - coalesce((
    select sum(case
      when s.deadline_at is not null then greatest(s.deadline_at - now(), interval '0')
      else make_interval(secs => private.allowed_s(s.id))
    end)
    from public.interview_sessions s
    where s.invitation_id = p_session.invitation_id and s.id <> p_session.id and s.status in ('created', 'active')
      and (s.deadline_at is not null or exists (
        select from public.session_calls c
        where c.session_id = s.id and c.closed_at is null and private.call_end(c, null) >= now()
          and not exists (
            select from public.session_calls mine
            where mine.session_id = p_session.id and mine.closed_at is null and mine.opened_at < c.opened_at
          )
      ))
  ), interval '0');
end
$$;

revoke all on function
  private.set_limits(uuid, jsonb), public.set_limits(uuid, jsonb), private.cap_refusal(uuid, uuid, uuid, uuid)
from public, anon, authenticated;
grant execute on function private.set_limits(uuid, jsonb), public.set_limits(uuid, jsonb) to authenticated;

-- Media flows. The first time starts the clock and fixes the session to its device.
-- → {ok, started_at, deadline_at}. Errors: call_not_found, session_ended.
create or replace function public.call_connected(p_call uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_time_left interval;
begin
  select s.* into v_session
  from public.interview_sessions s
  join public.session_calls c on c.session_id = s.id
  where c.id = p_call
  for update of s;
  if v_session.id is null then
    return private.refusal('call_not_found');
  end if;
  if v_session.status not in ('created', 'active') then
    return private.refusal('session_ended');
  end if;
  -- A clock that runs is not set again.
  if v_session.deadline_at is null then
    v_time_left := private.time_left(v_session);
  end if;
  update public.session_calls set connected_at = coalesce(connected_at, now()) where id = p_call;
  update public.interview_sessions
  set status = 'active',
    started_at = coalesce(started_at, now()),
    deadline_at = coalesce(deadline_at, now() + greatest(interval '0', least(
      make_interval(secs => private.allowed_s(id)), v_time_left
    ))),
    bound_at = coalesce(bound_at, now())
  where id = v_session.id
  returning * into v_session;
  return jsonb_build_object(
    'ok', true,
    'started_at', private.iso(v_session.started_at),
    'deadline_at', private.iso(v_session.deadline_at)
  );
end
$$;

-- `save_reducer` bounds the deadline by what was granted, and a proxy is told that length; both are otherwise as they were.
do $$
declare
  v_change record;
  v_function text;
begin
  for v_change in
    select * from (values
      (
        'save_reducer',
        E'select least(p_deadline, v_session.started_at + make_interval(secs => i.duration_s) + private.standstill())\n    from public.interviews i where i.id = v_session.interview_id',
        'least(p_deadline, v_session.started_at + make_interval(secs => private.allowed_s(v_session.id)) + private.standstill())'
      ),
      ('session_brief', $brief$'duration_s', i.duration_s$brief$, $brief$'duration_s', private.allowed_s(s.id)$brief$)
    ) as change (name, before, after)
  loop
    v_function := (
      select pg_get_functiondef(oid) from pg_proc
      where proname = v_change.name and pronamespace = 'public'::regnamespace
    );
    if position(v_change.before in v_function) = 0 then
      raise exception '% does not reckon with the length of the interview', v_change.name;
    end if;
    execute replace(v_function, v_change.before, v_change.after);
  end loop;
end
$$;
