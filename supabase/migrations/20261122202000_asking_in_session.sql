-- Candidates can ask while the interview runs, too: for what they could ask before it, and for help.

-- A session that a tenant's backend started has no invitation. Whoever erases a session erases what was asked in it.
alter table public.adjustments
  alter column invitation_id drop not null,
  drop constraint adjustments_kind_check,
  add constraint adjustments_kind_check check (kind in ('adjustment', 'human', 'help')),
  drop constraint adjustments_session_id_fkey,
  add constraint adjustments_session_id_fkey
    foreign key (session_id) references public.interview_sessions (id) on delete cascade,
  add constraint adjustments_asked_somewhere check (num_nonnulls(invitation_id, session_id) > 0);
create index adjustments_session on public.adjustments (session_id);

-- Writes down what a candidate asks for. The same twice within a minute is one request that was sent again.
-- Errors: not_found, session_ended (cancelled), rate_limited, bad_request.
create function public.ask_in_session(p_session uuid, p_kind text, p_note text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
begin
  -- Locked, so that many at once can't pass the limit together.
  select * into v_session from public.interview_sessions where id = p_session for update;
  if v_session.id is null then
    return private.refusal('not_found');
  elsif v_session.status = 'cancelled' then
    return private.refusal('session_ended');
  end if;
  if exists (
    select from public.adjustments
    where session_id = p_session and kind = p_kind and note = p_note
      and asked_at > now() - interval '1 minute'
  ) then
    return jsonb_build_object('ok', true);
  end if;
  if (
    select count(*) from public.adjustments
    where session_id = p_session and asked_at > now() - interval '1 day'
  ) >= 20 then
    return private.refusal('rate_limited');
  end if;
  insert into public.adjustments (tenant_id, invitation_id, session_id, kind, note)
  values (v_session.tenant_id, v_session.invitation_id, p_session, p_kind, p_note);
  return jsonb_build_object('ok', true);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;
revoke all on function public.ask_in_session(uuid, text, text) from public, anon, authenticated;
grant execute on function public.ask_in_session(uuid, text, text) to service_role;
