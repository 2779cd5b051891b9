-- What calls may cost: a cap on a tenant's calls at a time, and on the minutes of an invitation.

-- Calls of all sessions of the tenant that may be open at a time.
alter table public.tenants
  add column max_live_calls integer not null default 200 check (max_live_calls between 1 and 100000);
-- Minutes of calls that all sessions of the invitation may have together; null: what their deadlines allow.
alter table public.interview_invitations
  add column max_minutes integer check (max_minutes between 1 and 1000000);

-- When a call was over, or is at the latest: that of a process which died may never have been closed.
create function private.call_end(p_call public.session_calls, p_deadline timestamptz) returns timestamptz
language sql stable set search_path = ''
as $$
  select coalesce(p_call.closed_at, least(
    now(),
    -- Until it is connected, a call is hung up after a minute.
    coalesce(p_deadline + private.overtime(), p_call.opened_at + interval '2 minutes')
  ))
$$;

-- How long the sessions of an invitation may still call; null where nobody set a limit.
create function private.time_left(p_invitation uuid) returns interval
language sql stable set search_path = ''
as $$
  select make_interval(mins => v.max_minutes) - coalesce((
    select sum(private.call_end(c, s.deadline_at) - c.opened_at)
    from public.interview_sessions s
    join public.session_calls c on c.session_id = s.id
    where s.invitation_id = v.id
  ), interval '0')
  from public.interview_invitations v
  where v.id = p_invitation and v.max_minutes is not null
$$;
revoke all on function
  private.call_end(public.session_calls, timestamptz), private.time_left(uuid)
from public, anon, authenticated;

-- Calls that nobody has closed are looked through for their tenant at each offer.
create index session_calls_open on public.session_calls (tenant_id) where closed_at is null;

-- Opens a call, or finds the one that the same offer opened. The session's former call is closed with it.
-- → {call_id, ordinal, former:[{call_id, provider, provider_call_id}], time_left_s, repeated?, provider_call_id?}
-- Errors: not_found, session_ended, session_limit, rate_limited (the tenant has too many calls), bad_request.
create or replace function public.open_call(
  p_session uuid, p_offer_id text, p_writer text, p_reason text, p_provider text
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_call public.session_calls;
  v_former jsonb;
  v_time_left interval;
begin
  select * into v_session from public.interview_sessions where id = p_session for update;
  if v_session.id is null then
    return private.refusal('not_found');
  end if;
  select * into v_call from public.session_calls where session_id = p_session and offer_id = p_offer_id;
  if v_call.id is not null then
    return jsonb_build_object(
      'call_id', v_call.id, 'ordinal', v_call.ordinal, 'former', '[]'::jsonb,
      'repeated', true, 'provider_call_id', v_call.provider_call_id
    );
  end if;
  if v_session.status not in ('created', 'active') or v_session.deadline_at + private.overtime() < now() then
    return private.refusal('session_ended');
  end if;
  v_time_left := private.time_left(v_session.invitation_id);
  if v_time_left <= interval '0'
    or (select count(*) from public.session_calls where session_id = p_session) >= private.max_calls() then
    return private.refusal('session_limit');
  end if;
  -- Last of all locks, so that offers of one tenant are counted one after the other and never wait in a circle.
  perform pg_advisory_xact_lock(hashtextextended('live calls of ' || v_session.tenant_id, 0));
  if (
    select count(*)
    from public.session_calls c
    join public.interview_sessions s on s.id = c.session_id
    where c.tenant_id = v_session.tenant_id and c.closed_at is null and c.session_id <> p_session
      and private.call_end(c, s.deadline_at) >= now()
  ) >= (select max_live_calls from public.tenants where id = v_session.tenant_id) then
    return private.refusal('rate_limited');
  end if;
  with closed as (
    update public.session_calls set closed_at = now(), close_reason = 'superseded'
    where session_id = p_session and closed_at is null
    returning id, ordinal, provider, provider_call_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'call_id', id, 'provider', provider, 'provider_call_id', provider_call_id
  ) order by ordinal), '[]') into v_former from closed;
  insert into public.session_calls (tenant_id, session_id, ordinal, offer_id, writer_id, reason, provider)
  values (
    v_session.tenant_id, p_session,
    (select coalesce(max(ordinal), 0) + 1 from public.session_calls where session_id = p_session),
    p_offer_id, p_writer, p_reason, p_provider
  )
  returning * into v_call;
  return jsonb_build_object(
    'call_id', v_call.id, 'ordinal', v_call.ordinal, 'former', v_former,
    'time_left_s', floor(extract(epoch from v_time_left))
  );
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- Media flows. The first time starts the clock and fixes the session to its device.
-- → {ok, started_at, deadline_at}. Errors: call_not_found, session_ended.
create or replace function public.call_connected(p_call uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
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
  update public.session_calls set connected_at = coalesce(connected_at, now()) where id = p_call;
  update public.interview_sessions s
  set status = 'active',
    started_at = coalesce(s.started_at, now()),
    deadline_at = coalesce(s.deadline_at, now() + greatest(interval '0', least(
      make_interval(secs => i.duration_s), private.time_left(s.invitation_id)
    ))),
    bound_at = coalesce(s.bound_at, now())
  from public.interviews i
  where s.id = v_session.id and i.id = s.interview_id
  returning s.* into v_session;
  return jsonb_build_object(
    'ok', true,
    'started_at', private.iso(v_session.started_at),
    'deadline_at', private.iso(v_session.deadline_at)
  );
end
$$;

-- Another signature and not a second one beside it: the API could not tell the two apart.
drop function public.create_invitation(uuid, integer, integer, text);

-- Makes an invitation. The token is in the reply and nowhere else.
-- Errors: forbidden (no such interview, or not the caller's), bad_request.
create function public.create_invitation(
  p_interview uuid,
  p_expires_in_s integer default 1209600,
  p_max_uses integer default 1,
  p_note text default null,
  p_max_minutes integer default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_tenant uuid := (select tenant_id from public.interviews where id = p_interview);
  v_token text := 'inv_' || private.random_token();
  v_row public.interview_invitations;
begin
  if v_tenant is null or not private.is_member(v_tenant, array['owner', 'recruiter']) then
    return private.refusal('forbidden');
  end if;
  if p_expires_in_s is null or p_expires_in_s not between 60 and 31536000
    or p_max_uses is null or p_max_uses not between 1 and 1000
    or p_max_minutes not between 1 and 1000000
    or char_length(p_note) > 500 then
    return private.refusal('bad_request');
  end if;
  insert into public.interview_invitations
    (tenant_id, interview_id, token_hash, expires_at, max_uses, note, max_minutes, created_by)
  values (
    v_tenant, p_interview, private.sha256_hex(v_token),
    now() + make_interval(secs => p_expires_in_s), p_max_uses, p_note, p_max_minutes, (select auth.uid())
  )
  returning * into v_row;
  return jsonb_build_object(
    'id', v_row.id, 'token', v_token, 'expires_at', private.iso(v_row.expires_at)
  );
end
$$;
revoke all on function public.create_invitation(uuid, integer, integer, text, integer)
  from public, anon, authenticated;
grant execute on function public.create_invitation(uuid, integer, integer, text, integer) to authenticated;
