-- Who may take up a call that nobody supervises any more, and what that process must know of it.

-- Made the offer: a page of ours, which shows that it is there. Other clients can't, and their calls end by the clock.
alter table public.session_calls add column own_page boolean not null default true;
-- The epoch that was claimed for want of a supervisor, and not brought along by the candidate's page.
alter table public.call_leases add column claimed_epoch integer;

-- Nobody takes the lease of such a call.
create function private.unsupervised(p_call uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.integrity_events where call_id = p_call and kind = 'unsupervised'
  )
$$;
revoke all on function private.unsupervised(uuid) from public, anon, authenticated;

-- Other signatures and not second ones beside them: the API could not tell the two apart.
drop function public.open_call(uuid, text, text, text, text);
drop function public.claim_calls(text, integer);
-- Nobody asked for it.
drop function public.call_holder(uuid);

-- Opens a call, or finds the one that the same offer opened. The session's former call is closed with it. `p_own_page`
-- tells whether a page of ours made the offer.
-- → {call_id, ordinal, former:[{call_id, provider, provider_call_id}], time_left_s, repeated?, provider_call_id?}
-- Errors: not_found, session_ended, session_limit, rate_limited (the tenant has too many calls), bad_request.
create function public.open_call(
  p_session uuid, p_offer_id text, p_writer text, p_reason text, p_provider text,
  p_own_page boolean default true
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
  insert into public.session_calls
    (tenant_id, session_id, ordinal, offer_id, writer_id, reason, provider, own_page)
  values (
    v_session.tenant_id, p_session,
    (select coalesce(max(ordinal), 0) + 1 from public.session_calls where session_id = p_session),
    p_offer_id, p_writer, p_reason, p_provider, coalesce(p_own_page, true)
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

-- Keeps a lease. {ok: false} when a later epoch holds the call, or it is closed. `closed` tells the two apart, and
-- `claimed` whether that epoch was claimed for want of a supervisor; `writer_id` is the page load that has the session's
-- newest call.
create or replace function public.renew_lease(p_call uuid, p_epoch integer, p_seconds integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_ok boolean;
begin
  update public.call_leases l
  set expires_at = now() + make_interval(secs => least(greatest(p_seconds, 1), 300))
  from public.session_calls c
  where l.call_id = p_call and l.epoch = p_epoch and l.released_at is null
    and c.id = l.call_id and c.closed_at is null;
  v_ok := found;
  return jsonb_build_object(
    'ok', v_ok,
    'writer_id', (select private.actor(session_id) from public.session_calls where id = p_call),
    'closed', exists (select from public.session_calls where id = p_call and closed_at is not null),
    'claimed', exists (
      select from public.call_leases
      where call_id = p_call and epoch > p_epoch and epoch = claimed_epoch and released_at is null
    )
  );
end
$$;

-- All that a proxy needs to take a session up, or null.
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
        'connected_at', private.iso(c.connected_at), 'closed_at', private.iso(c.closed_at),
        'writer_id', c.writer_id, 'own_page', c.own_page, 'holder', private.holder(c.id),
        'epoch', (select epoch from public.call_leases where call_id = c.id)
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

-- Takes the leases of calls that nobody supervises any more, for whoever has no page that would bring one along: at most
-- ten at a time. A supervisor that let go has left three seconds to the candidate's page. A call without a lease was
-- never attached to; one that nobody may supervise is left alone until its own process should have ended it by the clock.
-- `p_session`: of that one alone. `p_held`: the calls that the caller looks after, whatever became of their leases.
-- → [session_id]
create function public.claim_calls(
  p_holder text, p_seconds integer, p_session uuid default null, p_held jsonb default '[]'
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_until constant timestamptz := now() + make_interval(secs => least(greatest(p_seconds, 1), 300));
  v_claimed jsonb;
begin
  with free as (
    select c.id
    from public.session_calls c
    join public.interview_sessions s on s.id = c.session_id
    left join public.call_leases l on l.call_id = c.id
    where c.closed_at is null and c.connected_at is not null and c.provider_call_id is not null
      and s.status = 'active'
      and (p_session is null or s.id = p_session)
      and not coalesce(p_held, '[]') ? c.id::text
      and case
        when l.call_id is not null then coalesce(l.released_at + interval '3 seconds', l.expires_at)
        when private.unsupervised(c.id) then s.deadline_at + interval '1 minute'
        else c.connected_at + interval '30 seconds'
      end <= now()
    order by l.expires_at
    limit 10
    for update of s skip locked
  ), claimed as (
    insert into public.call_leases as l (call_id, holder, epoch, expires_at, claimed_epoch)
    select id, p_holder, 1, v_until, 1 from free
    on conflict (call_id) do update
    set epoch = l.epoch + 1, claimed_epoch = l.epoch + 1, holder = excluded.holder,
      expires_at = excluded.expires_at, released_at = null
    -- Somebody may have taken it between the look and the lock.
    where coalesce(l.released_at + interval '3 seconds', l.expires_at) <= now()
    returning l.call_id
  )
  select coalesce(jsonb_agg(c.session_id), '[]') into v_claimed
  from claimed join public.session_calls c on c.id = claimed.call_id;
  return v_claimed;
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

revoke all on function
  public.open_call(uuid, text, text, text, text, boolean),
  public.claim_calls(text, integer, uuid, jsonb)
from public, anon, authenticated;
grant execute on function
  public.open_call(uuid, text, text, text, text, boolean),
  public.claim_calls(text, integer, uuid, jsonb)
to service_role;
