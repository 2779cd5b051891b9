-- What the proxy does with calls. Every function takes the session's row first, so that they never wait in a circle.

-- Most calls that a session may open: reconnects included, abuse not.
create function private.max_calls() returns integer
language sql immutable parallel safe set search_path = '' as $$ select 60 $$;
-- A session goes on for so long behind its deadline: the last answer, the farewell, a reconnect between them.
create function private.overtime() returns interval
language sql immutable parallel safe set search_path = '' as $$ select interval '10 minutes' $$;
revoke all on function private.max_calls(), private.overtime() from public, anon, authenticated;

-- Opens a call, or finds the one that the same offer opened. The session's former call is closed with it.
-- → {call_id, ordinal, former:[{call_id, provider_call_id}], repeated?, provider_call_id?}
-- Errors: not_found, session_ended, session_limit, bad_request.
create function public.open_call(
  p_session uuid, p_offer_id text, p_writer text, p_reason text, p_provider text
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_call public.session_calls;
  v_former jsonb;
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
  if (select count(*) from public.session_calls where session_id = p_session) >= private.max_calls() then
    return private.refusal('session_limit');
  end if;
  with closed as (
    update public.session_calls set closed_at = now(), close_reason = 'superseded'
    where session_id = p_session and closed_at is null
    returning id, ordinal, provider_call_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'call_id', id, 'provider_call_id', provider_call_id
  ) order by ordinal), '[]') into v_former from closed;
  insert into public.session_calls (tenant_id, session_id, ordinal, offer_id, writer_id, reason, provider)
  values (
    v_session.tenant_id, p_session,
    (select coalesce(max(ordinal), 0) + 1 from public.session_calls where session_id = p_session),
    p_offer_id, p_writer, p_reason, p_provider
  )
  returning * into v_call;
  return jsonb_build_object('call_id', v_call.id, 'ordinal', v_call.ordinal, 'former', v_former);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- The provider took the call. Errors: call_not_found.
create function public.call_answered(p_call uuid, p_provider_call_id text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.session_calls
  set provider_call_id = p_provider_call_id, answered_at = coalesce(answered_at, now())
  where id = p_call;
  if not found then
    return private.refusal('call_not_found');
  end if;
  return jsonb_build_object('ok', true);
end
$$;

-- Media flows. The first time starts the clock and fixes the session to its device.
-- → {ok, started_at, deadline_at}. Errors: call_not_found, session_ended.
create function public.call_connected(p_call uuid) returns jsonb
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
    deadline_at = coalesce(s.deadline_at, now() + make_interval(secs => i.duration_s)),
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

-- The call is over. Closing twice changes nothing. Errors: call_not_found.
create function public.close_call(p_call uuid, p_reason text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.session_calls
  set closed_at = coalesce(closed_at, now()), close_reason = coalesce(close_reason, left(p_reason, 200))
  where id = p_call;
  if not found then
    return private.refusal('call_not_found');
  end if;
  return jsonb_build_object('ok', true);
end
$$;

-- Takes or renews the right to supervise a call. Whoever takes it anew gets a higher epoch.
-- → {epoch, placed:[{item_id, entry_id, position}]}: what the server placed so far.
-- Errors: call_not_found, taken_over (somebody else's lease lives), bad_request.
create function public.take_lease(p_call uuid, p_holder text, p_seconds integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_until constant timestamptz := now() + make_interval(secs => least(greatest(p_seconds, 1), 300));
  v_epoch integer;
begin
  if not exists (select from public.session_calls where id = p_call) then
    return private.refusal('call_not_found');
  end if;
  insert into public.call_leases as l (call_id, holder, epoch, expires_at)
  values (p_call, p_holder, 1, v_until)
  on conflict (call_id) do update
  set epoch = l.epoch + (l.holder <> excluded.holder or l.released_at is not null)::integer,
    holder = excluded.holder, expires_at = excluded.expires_at, released_at = null
  where l.holder = excluded.holder or l.released_at is not null or l.expires_at <= now()
  returning epoch into v_epoch;
  if v_epoch is null then
    return private.refusal('taken_over');
  end if;
  return jsonb_build_object('epoch', v_epoch, 'placed', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'item_id', p.item_id, 'entry_id', p.entry_id, 'position', p.position
    ) order by p.position), '[]')
    from (
      select distinct on (e.entry_id) e.item_id, e.entry_id, e.position
      from public.transcript_entries e
      where e.call_id = p_call and e.source = 'server' and e.tombstone is null
      order by e.entry_id, e.revision desc, e.id desc
    ) p
  ));
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- Keeps a lease. {ok: false} when a later epoch holds the call.
create function public.renew_lease(p_call uuid, p_epoch integer, p_seconds integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.call_leases
  set expires_at = now() + make_interval(secs => least(greatest(p_seconds, 1), 300))
  where call_id = p_call and epoch = p_epoch and released_at is null;
  return jsonb_build_object('ok', found);
end
$$;

-- Gives a lease up, so that another proxy need not wait for it to run out.
create function public.release_lease(p_call uuid, p_epoch integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.call_leases
  set released_at = now(), expires_at = least(expires_at, now())
  where call_id = p_call and epoch = p_epoch and released_at is null;
  return jsonb_build_object('ok', true);
end
$$;

-- Saves where the interview stands. {ok: false} when a later epoch holds the call, or a later call the session.
create function public.save_reducer(p_call uuid, p_epoch integer, p_state jsonb, p_phase text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session uuid;
begin
  select s.id into v_session
  from public.interview_sessions s
  join public.session_calls c on c.session_id = s.id
  where c.id = p_call
  for update of s;
  if v_session is null
    or not exists (
      select from public.call_leases
      where call_id = p_call and epoch = p_epoch and released_at is null
      for update
    )
    or exists (
      select from public.session_calls later
      join public.session_calls mine on mine.session_id = later.session_id
      where mine.id = p_call and later.ordinal > mine.ordinal
    ) then
    return jsonb_build_object('ok', false);
  end if;
  insert into public.session_states (session_id, reducer, call_id, epoch)
  values (v_session, p_state, p_call, p_epoch)
  on conflict (session_id) do update
  set reducer = excluded.reducer, call_id = excluded.call_id, epoch = excluded.epoch, updated_at = now();
  update public.interview_sessions set phase = p_phase where id = v_session and phase <> p_phase;
  return jsonb_build_object('ok', true);
end
$$;

-- High-water marks of a session's writers: {writer_id: last_sequence}.
create function public.writer_marks(p_session uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select coalesce(jsonb_object_agg(writer_id, last_sequence), '{}')
  from public.transcript_writers where session_id = p_session
$$;

-- Whether a session's token may be renewed.
create function public.renew_allowed(p_session uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('ok', exists (
    select from public.interview_sessions s
    left join public.interview_invitations i on i.id = s.invitation_id
    where s.id = p_session
      and s.status in ('created', 'active', 'ending')
      and i.revoked_at is null
      and (s.deadline_at is null or s.deadline_at + private.overtime() > now())
  ))
$$;

-- All that a proxy needs to take a session up, or null.
create function public.session_brief(p_session uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'session', jsonb_build_object(
      'id', s.id, 'tenant_id', s.tenant_id, 'candidate_id', s.candidate_id, 'status', s.status,
      'phase', s.phase, 'mode', s.mode, 'locale', s.locale, 'end_reason', s.end_reason,
      'started_at', private.iso(s.started_at), 'deadline_at', private.iso(s.deadline_at),
      'reducer', t.reducer
    ),
    'tenant', jsonb_build_object('name', n.name),
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

revoke all on function
  public.open_call(uuid, text, text, text, text), public.call_answered(uuid, text),
  public.call_connected(uuid), public.close_call(uuid, text), public.take_lease(uuid, text, integer),
  public.renew_lease(uuid, integer, integer), public.release_lease(uuid, integer),
  public.save_reducer(uuid, integer, jsonb, text), public.writer_marks(uuid), public.renew_allowed(uuid),
  public.session_brief(uuid)
from public, anon, authenticated;
grant execute on function
  public.open_call(uuid, text, text, text, text), public.call_answered(uuid, text),
  public.call_connected(uuid), public.close_call(uuid, text), public.take_lease(uuid, text, integer),
  public.renew_lease(uuid, integer, integer), public.release_lease(uuid, integer),
  public.save_reducer(uuid, integer, jsonb, text), public.writer_marks(uuid), public.renew_allowed(uuid),
  public.session_brief(uuid)
to service_role;
