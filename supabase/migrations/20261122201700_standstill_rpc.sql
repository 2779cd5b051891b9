-- The clock may stand: while a candidate pauses, and while their media are gone. The supervisor keeps account of it
-- and says with each save when the time is up at the latest, so that nothing here ends an interview that waits.

-- How long all standstills of an interview may hold its clock. The proxy allows ten minutes of pauses and five of
-- trouble (`supervision/clock.ts`); nobody gets more, whatever is saved.
create function private.standstill() returns interval
language sql immutable parallel safe set search_path = ''
as $$ select interval '15 minutes' $$;
revoke all on function private.standstill() from public, anon, authenticated;

-- Another signature and not a second one beside it: the API could not tell the two apart.
drop function public.save_reducer(uuid, integer, jsonb, text);

-- Saves where the interview stands, and when its time is up. {ok: false} when a later epoch holds the call, or a later
-- call the session.
create function public.save_reducer(
  p_call uuid, p_epoch integer, p_state jsonb, p_phase text, p_deadline timestamptz default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_deadline timestamptz;
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
  if p_phase <> v_session.phase or v_deadline is distinct from v_session.deadline_at then
    update public.interview_sessions set phase = p_phase, deadline_at = v_deadline where id = v_session.id;
  end if;
  return jsonb_build_object('ok', true);
end
$$;
revoke all on function public.save_reducer(uuid, integer, jsonb, text, timestamptz)
  from public, anon, authenticated;
grant execute on function public.save_reducer(uuid, integer, jsonb, text, timestamptz) to service_role;
