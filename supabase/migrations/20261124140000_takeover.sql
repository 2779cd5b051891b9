-- One supervisor a call over many machines: a candidate's socket on another machine brings the supervisor with it, what
-- the former one still does is refused, and requests that reach another machine are handed to it.

-- How long the candidate's pauses and faults of their media have held the clock, as far as they count.
alter table public.interview_sessions
  add column paused_ms integer not null default 0 check (paused_ms between 0 and 600000),
  add column trouble_ms integer not null default 0 check (trouble_ms between 0 and 300000);

-- By it the supervisors of a call know each other's items from those of a page.
alter table public.call_leases add column secret uuid not null default gen_random_uuid();

-- The page load that has the session's newest call; null where nobody said.
create function private.actor(p_session uuid) returns text
language sql stable set search_path = ''
as $$
  select writer_id from public.session_calls where session_id = p_session order by ordinal desc limit 1
$$;
-- Who supervises a call now; null where nobody does.
create function private.holder(p_call uuid) returns text
language sql stable set search_path = ''
as $$
  select holder from public.call_leases
  where call_id = p_call and released_at is null and expires_at > now()
$$;
-- A number of a saved state, between zero and a bound.
create function private.bounded(p_value jsonb, p_most integer) returns integer
language sql immutable set search_path = ''
as $$
  select case when jsonb_typeof(p_value) = 'number'
    then least(greatest((p_value)::numeric, 0), p_most)::integer else 0 end
$$;
revoke all on function private.actor(uuid), private.holder(uuid), private.bounded(jsonb, integer)
  from public, anon, authenticated;

-- The provider took the call. {ok: false, writer_id} where the call was closed meanwhile: a newer offer of that page
-- load knew no name to hang it up by, so whoever is told this does. Errors: call_not_found.
create or replace function public.call_answered(p_call uuid, p_provider_call_id text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_call public.session_calls;
begin
  update public.session_calls
  set provider_call_id = p_provider_call_id, answered_at = coalesce(answered_at, now())
  where id = p_call and closed_at is null
  returning * into v_call;
  if found then
    return jsonb_build_object('ok', true, 'writer_id', v_call.writer_id);
  end if;
  select * into v_call from public.session_calls where id = p_call;
  if v_call.id is null then
    return private.refusal('call_not_found');
  end if;
  return jsonb_build_object('ok', false, 'writer_id', private.actor(v_call.session_id));
end
$$;

-- Another signature and not a second one beside it: the API could not tell the two apart.
drop function public.close_call(uuid, text);

-- The call is over. Closing twice changes nothing. {ok: false} where it lives and a later epoch than `p_epoch` holds it:
-- then it is not the caller's to end. Errors: call_not_found.
create function public.close_call(p_call uuid, p_reason text, p_epoch integer default null) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_call public.session_calls;
begin
  -- The session first, as everywhere: nobody takes the lease between the look and the end.
  perform from public.interview_sessions s
  join public.session_calls c on c.session_id = s.id
  where c.id = p_call
  for update of s;
  select * into v_call from public.session_calls where id = p_call;
  if v_call.id is null then
    return private.refusal('call_not_found');
  end if;
  if v_call.closed_at is null and exists (
    select from public.call_leases where call_id = p_call and epoch > p_epoch
  ) then
    return jsonb_build_object('ok', false);
  end if;
  update public.session_calls
  set closed_at = coalesce(closed_at, now()), close_reason = coalesce(close_reason, left(p_reason, 200))
  where id = p_call;
  return jsonb_build_object('ok', true);
end
$$;

drop function public.take_lease(uuid, text, integer);

-- Takes or renews the right to supervise a call. Whoever takes it anew gets a higher epoch. With `p_force` it is taken
-- from a holder that lives: the candidate's socket is at the caller's now.
-- → {epoch, secret, placed:[{item_id, entry_id, position}], reducer}: what the server placed so far, and where the
-- interview stands. Nothing that an earlier epoch saves comes after it. `secret` is the call's own, for every epoch.
-- Errors: call_not_found (also of one that is closed), taken_over (somebody else's lease lives), bad_request.
create function public.take_lease(
  p_call uuid, p_holder text, p_seconds integer, p_force boolean default false
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_until constant timestamptz := now() + make_interval(secs => least(greatest(p_seconds, 1), 300));
  v_session uuid;
  v_epoch integer;
  v_secret uuid;
begin
  -- The session first, as everywhere: a save that is under way ends before the lease changes hands.
  select s.id into v_session
  from public.interview_sessions s
  join public.session_calls c on c.session_id = s.id
  where c.id = p_call and c.closed_at is null
  for update of s;
  if v_session is null then
    return private.refusal('call_not_found');
  end if;
  insert into public.call_leases as l (call_id, holder, epoch, expires_at)
  values (p_call, p_holder, 1, v_until)
  on conflict (call_id) do update
  set epoch = l.epoch + (l.holder <> excluded.holder or l.released_at is not null)::integer,
    holder = excluded.holder, expires_at = excluded.expires_at, released_at = null
  where p_force or l.holder = excluded.holder or l.released_at is not null or l.expires_at <= now()
  returning epoch, secret into v_epoch, v_secret;
  if v_epoch is null then
    return private.refusal('taken_over');
  end if;
  return jsonb_build_object(
    'epoch', v_epoch,
    'secret', v_secret,
    'placed', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'item_id', p.item_id, 'entry_id', p.entry_id, 'position', p.position
      ) order by p.position), '[]')
      from (
        select distinct on (e.entry_id) e.item_id, e.entry_id, e.position
        from public.transcript_entries e
        where e.call_id = p_call and e.source = 'server' and e.tombstone is null
        order by e.entry_id, e.revision desc, e.id desc
      ) p
    ),
    'reducer', (select reducer from public.session_states where session_id = v_session)
  );
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- Keeps a lease. {ok: false, writer_id} when a later epoch holds the call, or it is closed; `writer_id` is the page load
-- that has the session's newest call.
create or replace function public.renew_lease(p_call uuid, p_epoch integer, p_seconds integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.call_leases l
  set expires_at = now() + make_interval(secs => least(greatest(p_seconds, 1), 300))
  from public.session_calls c
  where l.call_id = p_call and l.epoch = p_epoch and l.released_at is null
    and c.id = l.call_id and c.closed_at is null;
  return jsonb_build_object('ok', found, 'writer_id', (
    select private.actor(session_id) from public.session_calls where id = p_call
  ));
end
$$;

-- Saves where the interview stands, and when its time is up. {ok: false} when a later epoch holds the call, or a later
-- call the session.
create or replace function public.save_reducer(
  p_call uuid, p_epoch integer, p_state jsonb, p_phase text, p_deadline timestamptz default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_deadline timestamptz;
  v_paused constant integer := private.bounded(p_state -> 'paused_ms', 600000);
  v_trouble constant integer := private.bounded(p_state -> 'troubled_ms', 300000);
begin
  select s.* into v_session
  from public.interview_sessions s
  join public.session_calls c on c.session_id = s.id
  where c.id = p_call
  for update of s;
  if v_session.id is null
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
  values (v_session.id, p_state, p_call, p_epoch)
  on conflict (session_id) do update
  set reducer = excluded.reducer, call_id = excluded.call_id, epoch = excluded.epoch, updated_at = now();
  -- Before the first `connected` there is no deadline that could move.
  v_deadline := case when v_session.deadline_at is not null and p_deadline is not null then (
    select least(p_deadline, v_session.started_at + make_interval(secs => i.duration_s) + private.standstill())
    from public.interviews i where i.id = v_session.interview_id
  ) else v_session.deadline_at end;
  if (p_phase, v_deadline, v_paused, v_trouble) is distinct from
    (v_session.phase, v_session.deadline_at, v_session.paused_ms, v_session.trouble_ms) then
    update public.interview_sessions
    set phase = p_phase, deadline_at = v_deadline, paused_ms = v_paused, trouble_ms = v_trouble
    where id = v_session.id;
  end if;
  return jsonb_build_object('ok', true);
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
        'writer_id', c.writer_id, 'holder', private.holder(c.id)
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
-- ten at a time. A supervisor that let go has left three seconds to the candidate's page. → [session_id]
create function public.claim_calls(p_holder text, p_seconds integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_claimed jsonb;
begin
  with free as (
    select c.id, c.session_id
    from public.session_calls c
    join public.interview_sessions s on s.id = c.session_id
    join public.call_leases l on l.call_id = c.id
    where c.closed_at is null and c.connected_at is not null and c.provider_call_id is not null
      and s.status = 'active' and coalesce(l.released_at + interval '3 seconds', l.expires_at) <= now()
    order by l.expires_at
    limit 10
    for update of s skip locked
  ), claimed as (
    update public.call_leases l
    set epoch = epoch + 1, holder = p_holder, released_at = null,
      expires_at = now() + make_interval(secs => least(greatest(p_seconds, 1), 300))
    from free where l.call_id = free.id
    returning free.session_id
  )
  select coalesce(jsonb_agg(session_id), '[]') into v_claimed from claimed;
  return v_claimed;
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- Who supervises the session's live call: {call_id, holder}, or null where nobody does.
create function public.call_holder(p_session uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('call_id', c.id, 'holder', private.holder(c.id))
  from public.session_calls c
  where c.session_id = p_session and c.closed_at is null and private.holder(c.id) is not null
$$;

-- What a candidate's page asked of a machine that doesn't supervise its call, for the one that does. The rows hold the
-- candidate's words and live for seconds.
create table public.call_commands (
  id bigint generated always as identity primary key,
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  call_id uuid not null references public.session_calls (id) on delete cascade,
  message jsonb not null check (octet_length(message::text) <= 131072),
  sent_at timestamptz not null default now(),
  taken_at timestamptz,
  reply jsonb
);
create index call_commands_call on public.call_commands (call_id) where taken_at is null;
create index call_commands_session on public.call_commands (session_id);
create index call_commands_age on public.call_commands (sent_at);
alter table public.call_commands enable row level security;
revoke all on public.call_commands from anon, authenticated, service_role;
grant select on public.call_commands to service_role;

-- Hands a message to whoever supervises the session's call. → {id}; {id: null} where nobody does. Errors: bad_request.
create function public.send_command(p_session uuid, p_message jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_id bigint;
begin
  delete from public.call_commands where sent_at < now() - interval '1 minute';
  insert into public.call_commands (session_id, call_id, message)
  select c.session_id, c.id, p_message
  from public.session_calls c
  where c.session_id = p_session and c.closed_at is null and private.holder(c.id) is not null
  returning id into v_id;
  return jsonb_build_object('id', v_id);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- What was sent to the calls that `p_holder` supervises, each once, in order: [{id, session_id, message}]. What waited
-- for ten seconds is not done any more: its sender has given up.
create function public.take_commands(p_holder text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_taken jsonb;
begin
  delete from public.call_commands where sent_at < now() - interval '1 minute';
  with due as (
    select c.id from public.call_commands c
    where c.taken_at is null and c.sent_at > now() - interval '10 seconds'
      and private.holder(c.call_id) = p_holder
    order by c.id
    limit 100
    for update of c skip locked
  ), taken as (
    update public.call_commands c set taken_at = now() from due where c.id = due.id returning c.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', id, 'session_id', session_id, 'message', message
  ) order by id), '[]') into v_taken from taken;
  return v_taken;
end
$$;

-- Answers a command that was taken. What is not there any more needs no answer.
create function public.answer_command(p_id bigint, p_reply jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.call_commands set reply = p_reply where id = p_id and taken_at is not null and reply is null;
  return jsonb_build_object('ok', found);
end
$$;

-- The answer to a command, which is forgotten with it: {reply}, null while there is none. With `p_last` a command that
-- nobody has taken yet is withdrawn.
create function public.command_reply(p_id bigint, p_last boolean) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_reply jsonb;
begin
  delete from public.call_commands
  where id = p_id and (reply is not null or (p_last and taken_at is null))
  returning reply into v_reply;
  return jsonb_build_object('reply', v_reply);
end
$$;

revoke all on function
  public.close_call(uuid, text, integer), public.take_lease(uuid, text, integer, boolean),
  public.claim_calls(text, integer), public.call_holder(uuid), public.send_command(uuid, jsonb),
  public.take_commands(text), public.answer_command(bigint, jsonb), public.command_reply(bigint, boolean)
from public, anon, authenticated;
grant execute on function
  public.close_call(uuid, text, integer), public.take_lease(uuid, text, integer, boolean),
  public.claim_calls(text, integer), public.call_holder(uuid), public.send_command(uuid, jsonb),
  public.take_commands(text), public.answer_command(bigint, jsonb), public.command_reply(bigint, boolean)
to service_role;
