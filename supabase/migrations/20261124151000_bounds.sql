-- What sessions of one invitation may use together, and commands that are done once.

-- How long a session may still call by the minutes of its invitation; null where nobody set a limit. Once its clock
-- runs, its own deadline says so, which pauses move. Until then it may have what the others neither used nor may still
-- use: those whose clock runs until their deadline, and those that asked before and are about to begin their whole
-- interview. Sessions of one invitation ask one after the other, so that none is promised what another was.
create function private.time_left(p_session public.interview_sessions) returns interval
language plpgsql volatile set search_path = ''
as $$
declare
  v_most constant interval := (
    select make_interval(mins => max_minutes) from public.interview_invitations where id = p_session.invitation_id
  );
begin
  if v_most is null then
    return null;
  end if;
  if p_session.deadline_at is not null then
    return p_session.deadline_at - now();
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
      else make_interval(secs => i.duration_s)
    end)
    from public.interview_sessions s
    join public.interviews i on i.id = s.interview_id
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
revoke all on function private.time_left(public.interview_sessions) from public, anon, authenticated;

-- `open_call` asks for its session, and is otherwise as it was.
do $$
declare
  v_call constant text := (
    select pg_get_functiondef(oid) from pg_proc
    where proname = 'open_call' and pronamespace = 'public'::regnamespace
  );
  v_asked constant text := 'private.time_left(v_session.invitation_id)';
begin
  if position(v_asked in v_call) is distinct from 0 then
    execute replace(v_call, v_asked, 'private.time_left(v_session)');
  else
    raise exception 'open_call does not ask for the time that is left';
  end if;
end
$$;
drop function private.time_left(uuid);

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
  update public.interview_sessions s
  set status = 'active',
    started_at = coalesce(s.started_at, now()),
    deadline_at = coalesce(s.deadline_at, now() + greatest(interval '0', least(
      make_interval(secs => i.duration_s), v_time_left
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

-- Names a command among those of its session: what a page repeats is the same command.
alter table public.call_commands add column key text check (char_length(key) <= 120);
create unique index call_commands_key on public.call_commands (session_id, key);

-- Another signature and not a second one beside it: the API could not tell the two apart.
drop function public.send_command(uuid, jsonb);

-- Hands a message to whoever supervises the session's call. → {id}; {id: null} where nobody does. What was sent with the
-- same key in the last minute is the same command, done or not, and only sent anew where nobody has taken it.
-- Errors: bad_request.
create function public.send_command(p_session uuid, p_message jsonb, p_key text default null) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_id bigint;
begin
  delete from public.call_commands where sent_at < now() - interval '1 minute';
  select id into v_id from public.call_commands
  where session_id = p_session and key = p_key and taken_at is not null;
  if v_id is null then
    insert into public.call_commands as k (session_id, call_id, message, key)
    select c.session_id, c.id, p_message, p_key
    from public.session_calls c
    where c.session_id = p_session and c.closed_at is null and private.holder(c.id) is not null
    on conflict (session_id, key) do update
    set sent_at = case when k.taken_at is null then now() else k.sent_at end,
      call_id = case when k.taken_at is null then excluded.call_id else k.call_id end
    returning id into v_id;
  end if;
  return jsonb_build_object('id', v_id);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;
revoke all on function public.send_command(uuid, jsonb, text) from public, anon, authenticated;
grant execute on function public.send_command(uuid, jsonb, text) to service_role;

-- Answers a command that was taken, and forgets the words in it. What is not there any more needs no answer, and nobody
-- waits for that to a ping.
create or replace function public.answer_command(p_id bigint, p_reply jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  delete from public.call_commands
  where id = p_id and taken_at is not null and message ->> 'type' = 'ping';
  if not found then
    update public.call_commands set reply = p_reply, message = '{}'
    where id = p_id and taken_at is not null and reply is null;
  end if;
  return jsonb_build_object('ok', found);
end
$$;

-- The answer to a command: {reply}, null while there is none. One without a key is forgotten with its answer. With
-- `p_last` a command that nobody has taken yet will not be done: {reply: null, withdrawn: true}.
create or replace function public.command_reply(p_id bigint, p_last boolean) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_command public.call_commands;
begin
  delete from public.call_commands
  where id = p_id and ((reply is not null and key is null) or (p_last and taken_at is null))
  returning * into v_command;
  if v_command.id is not null and v_command.reply is null then
    return jsonb_build_object('reply', null, 'withdrawn', true);
  end if;
  if v_command.id is null then
    select * into v_command from public.call_commands where id = p_id;
  end if;
  return jsonb_build_object('reply', v_command.reply);
end
$$;

-- Ends what nobody ended: sessions that have been ending for a minute, those long past their deadline, and those that
-- never began. → {completed, abandoned}
create or replace function public.expire_sessions() returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_completed integer := 0;
  v_abandoned integer := 0;
begin
  -- They hold the candidates' words, and no later command may come that would clear them away.
  delete from public.call_commands where sent_at < now() - interval '1 minute';
  for v_session in
    select * from public.interview_sessions
    where (status = 'ending' and ending_at < now() - interval '60 seconds')
      or (status = 'active' and deadline_at + private.overtime() < now())
      or (status = 'created' and created_at < now() - interval '30 days')
    order by created_at
    limit 100
    for update skip locked
  loop
    if v_session.status = 'ending' then
      perform private.finish_session(v_session.id, 'completed', 'technical');
      v_completed := v_completed + 1;
    else
      perform private.finish_session(v_session.id, 'abandoned', 'absent');
      v_abandoned := v_abandoned + 1;
    end if;
  end loop;
  return jsonb_build_object('completed', v_completed, 'abandoned', v_abandoned);
end
$$;
