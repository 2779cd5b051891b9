-- A call that nobody looks after any more is ended at its provider too, whatever became of the process that had it: it
-- would go on listening, and cost, until the provider's own limit.

-- The provider was told that the call is over, or knew nothing of it; and when somebody last set out to tell it.
alter table public.session_calls
  add column hung_up_at timestamptz,
  add column hangup_claimed_at timestamptz;
-- Calls of before were hung up by whoever closed them.
update public.session_calls set hung_up_at = closed_at where closed_at is not null;
create index session_calls_owed on public.session_calls (closed_at)
  where closed_at is not null and provider_call_id is not null and hung_up_at is null;

-- The provider was told that the call is over.
create function public.call_hung_up(p_call uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.session_calls set hung_up_at = now() where id = p_call and hung_up_at is null;
  return jsonb_build_object('ok', found);
end
$$;

-- Since when nobody looks after an open call; null where somebody does, or may be about to. One that never connected is
-- given the minute in which its process would have hung it up, and as much again; one of a session that is over, the
-- time in which a lease that lapsed could have been renewed. Of an interview that goes on, that it is long free says
-- that no process can take it up (`claim_calls`): the machine of its session is gone.
create function private.forsaken_since(p_call public.session_calls, p_session public.interview_sessions)
returns timestamptz
language sql stable set search_path = ''
as $$
  select case
    when p_session.status not in ('created', 'active')
      then coalesce(l.free_at + interval '30 seconds', p_session.ending_at + interval '1 minute')
    when p_call.connected_at is null
      then greatest(p_call.opened_at + interval '2 minutes', l.free_at)
    when private.unsupervised(p_call.id) then p_session.deadline_at + interval '6 minutes'
    else coalesce(l.free_at, p_call.connected_at) + interval '5 minutes'
  end
  from (
    select (
      select coalesce(released_at, expires_at) from public.call_leases where call_id = p_call.id
    ) as free_at
  ) l
$$;
revoke all on function
  private.forsaken_since(public.session_calls, public.interview_sessions)
from public, anon, authenticated;

-- Closes calls that nobody looks after any more, and hands out those that are closed and were not hung up, each to one
-- asker a minute: whoever closed them had half a minute to do it. An hour after its answer a provider has ended a call
-- by itself. At most ten at a time. `p_session`: of that one alone. `p_held`: the calls that the caller looks after.
-- → [{call_id, provider, provider_call_id}]
create function public.claim_hangups(p_session uuid default null, p_held jsonb default '[]') returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_owed jsonb;
begin
  with forsaken as (
    select c.id, s.status
    from public.session_calls c
    join public.interview_sessions s on s.id = c.session_id
    where c.closed_at is null
      and (p_session is null or s.id = p_session)
      and not coalesce(p_held, '[]') ? c.id::text
      and private.forsaken_since(c, s) <= now()
    order by c.opened_at
    limit 10
    for update of s, c skip locked
  )
  update public.session_calls c
  -- Nobody has been about to hang it up.
  set closed_at = now(), hangup_claimed_at = '-infinity', close_reason = case
    when f.status not in ('created', 'active') then 'session_ended'
    when c.connected_at is null then 'never_connected'
    else 'forsaken'
  end
  from forsaken f where c.id = f.id;
  with owed as (
    select c.id
    from public.session_calls c
    where c.closed_at is not null and c.provider_call_id is not null and c.hung_up_at is null
      and (p_session is null or c.session_id = p_session)
      and coalesce(c.hangup_claimed_at + interval '1 minute', c.closed_at + interval '30 seconds') <= now()
      and coalesce(c.answered_at, c.opened_at) > now() - interval '1 hour'
    order by c.closed_at
    limit 10
    for update skip locked
  ), claimed as (
    update public.session_calls c set hangup_claimed_at = now()
    from owed where c.id = owed.id
    returning c.id, c.provider, c.provider_call_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'call_id', id, 'provider', provider, 'provider_call_id', provider_call_id
  )), '[]') into v_owed from claimed;
  return v_owed;
end
$$;

revoke all on function public.call_hung_up(uuid), public.claim_hangups(uuid, jsonb)
from public, anon, authenticated;
grant execute on function public.call_hung_up(uuid), public.claim_hangups(uuid, jsonb) to service_role;
