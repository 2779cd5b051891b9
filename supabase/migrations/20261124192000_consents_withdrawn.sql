-- Consents can be taken back as easily as they were given (GDPR, Article 7(3)): by the page with its session token, by the
-- link on the device that began, or by the candidate's account, also when the interview is long over. A withdrawal is a
-- row of its own; nothing that was given is changed.

-- Where each consent stands: when it was given last, and when it was taken back since. One that was declined has neither.
-- ONLY changes nothing here but that the local stack's API does not take the view for a second way from sessions to
-- candidates, which it could then not choose between.
create view public.consents_current with (security_invoker = true) as
select distinct on (c.session_id, c.purpose)
  c.session_id, c.purpose, c.version, c.text, c.text_hash, c.locale,
  g.given_at as granted_at, w.given_at as withdrawn_at
from only public.consents c
left join lateral (
  select id, given_at from only public.consents
  where session_id = c.session_id and purpose = c.purpose and granted
  order by id desc limit 1
) g on true
left join lateral (
  select given_at from only public.consents
  where session_id = c.session_id and purpose = c.purpose and not granted and id > g.id
  order by id limit 1
) w on true
order by c.session_id, c.purpose, c.id desc;

revoke all on public.consents_current from anon, authenticated, service_role;
grant select on public.consents_current to authenticated, service_role;

-- Ends what may not go on without a consent that was taken back. The session's row must be locked.
-- → not_begun (nothing starts until it is given again), goes_on (it was an optional one), ends, over
create function private.stop_without_consent(p_session public.interview_sessions) returns text
language plpgsql volatile set search_path = ''
as $$
begin
  if p_session.ended_at is not null then
    return 'over';
  elsif not exists (
    select from public.interviews i, jsonb_array_elements(i.consents) asked
    where i.id = p_session.interview_id and (asked ->> 'required')::boolean and not (
      select c.granted from public.consents c
      where c.session_id = p_session.id and c.purpose = asked ->> 'purpose'
      order by c.id desc limit 1
    )
  ) then
    return case p_session.status when 'created' then 'not_begun' else 'goes_on' end;
  elsif p_session.status = 'created' then
    return 'not_begun';
  end if;
  update public.interview_sessions
  set status = 'ending', end_reason = coalesce(end_reason, 'withdrawn'), ending_at = coalesce(ending_at, now())
  where id = p_session.id;
  -- As the page's own button: whoever supervises the call says so to the page and hangs up. Where nobody does, the call
  -- is closed with the session, a minute later.
  perform public.send_command(
    p_session.id, '{"type": "action", "id": "consent-withdrawn", "kind": "withdraw"}', 'consent-withdrawn'
  );
  return 'ends';
end
$$;

-- Takes consents of a session back: {ok, interview, consents: [{purpose, granted_at, withdrawn_at}]}, where `interview` says
-- what becomes of it, as above. Taking back twice changes nothing. Errors: not_found (no such session or consent).
create function private.withdraw_consents(p_session uuid, p_purposes jsonb) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_purposes text[];
begin
  if jsonb_typeof(p_purposes) is distinct from 'array' then
    return private.refusal('bad_request');
  end if;
  v_purposes := array(select jsonb_array_elements_text(p_purposes));
  select * into v_session from public.interview_sessions where id = p_session for update;
  if v_session.id is null or v_purposes = '{}' or exists (
    select from unnest(v_purposes) named
    where not exists (
      select from public.consents c where c.session_id = p_session and c.purpose = named
    )
  ) then
    return private.refusal('not_found');
  end if;
  insert into public.consents
    (tenant_id, session_id, candidate_id, purpose, version, text, text_hash, locale, granted)
  select tenant_id, session_id, candidate_id, purpose, version, text, text_hash, locale, false
  from (
    select distinct on (purpose) * from public.consents
    where session_id = p_session and purpose = any (v_purposes)
    order by purpose, id desc
  ) latest
  where granted;
  return jsonb_build_object(
    'ok', true,
    'interview', private.stop_without_consent(v_session),
    'consents', (
      select jsonb_agg(jsonb_build_object(
        'purpose', purpose, 'granted_at', private.iso(granted_at), 'withdrawn_at', private.iso(withdrawn_at)
      ) order by purpose)
      from public.consents_current where session_id = p_session and purpose = any (v_purposes)
    )
  );
end
$$;

-- For whoever holds the session's token. Errors: not_found.
create function public.withdraw_in_session(p_session uuid, p_purposes jsonb) returns jsonb
language sql volatile security definer set search_path = ''
as $$ select private.withdraw_consents(p_session, p_purposes) $$;

-- For the device that holds the link, or the account that began with it. It works as long as the session is kept,
-- whatever became of the invitation. Errors: invitation_invalid, origin_not_allowed, not_found.
create function public.withdraw_by_invitation(
  p_invitation_hash text, p_device_hash text, p_user uuid, p_origin text, p_purposes jsonb
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_invitation public.interview_invitations;
begin
  select * into v_invitation from public.interview_invitations where token_hash = p_invitation_hash;
  if v_invitation.id is null then
    return private.refusal('invitation_invalid');
  elsif not private.origin_allowed(v_invitation.tenant_id, p_origin) then
    return private.refusal('origin_not_allowed');
  end if;
  return private.withdraw_consents((
    select s.id from public.interview_sessions s
    join public.candidates c on c.id = s.candidate_id
    where s.invitation_id = v_invitation.id and s.status <> 'cancelled'
      and (s.device_hash = p_device_hash or c.user_id = p_user)
    order by s.created_at desc
    limit 1
  ), p_purposes);
end
$$;

-- For the candidate's account, over the API. Errors: not_found, also of what is not theirs.
create function private.withdraw_consent(p_session uuid, p_purposes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not exists (
    select from public.interview_sessions s where s.id = p_session and private.is_candidate(s.candidate_id)
  ) then
    return private.refusal('not_found');
  end if;
  return private.withdraw_consents(p_session, p_purposes);
end
$$;
create function public.withdraw_consent(p_session uuid, p_purposes jsonb) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.withdraw_consent(p_session, p_purposes) $$;

revoke all on function
  private.stop_without_consent(public.interview_sessions), private.withdraw_consents(uuid, jsonb),
  public.withdraw_in_session(uuid, jsonb), public.withdraw_by_invitation(text, text, uuid, text, jsonb),
  private.withdraw_consent(uuid, jsonb), public.withdraw_consent(uuid, jsonb)
from public, anon, authenticated;
grant execute on function
  public.withdraw_in_session(uuid, jsonb), public.withdraw_by_invitation(text, text, uuid, text, jsonb)
to service_role;
grant execute on function
  private.withdraw_consent(uuid, jsonb), public.withdraw_consent(uuid, jsonb)
to authenticated;
