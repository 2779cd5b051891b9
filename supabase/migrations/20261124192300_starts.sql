-- Starting, looking and asking: with what was decided for the candidate, within the tenant's limits, and by a tenant's own
-- backend on the same terms as by a link.

-- What a page shows of an interview: protocol LookReply.
create function private.about_interview(
  p_interview public.interviews, p_decision public.adjustment_decisions, p_resumable boolean
) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'interview', private.interview_summary(p_interview)
      || jsonb_build_object('duration_s', private.adjusted_s(p_interview.duration_s, p_decision.multiplier)),
    'tenant', jsonb_strip_nulls(jsonb_build_object('name', t.name, 'logo', t.logo)),
    'inviter', p_interview.inviter,
    'decider', p_interview.decider,
    'retention', p_interview.retention,
    'next_steps', p_interview.next_steps,
    'adjustment', p_interview.adjustment,
    'consents', p_interview.consents,
    'modes', to_jsonb(private.modes_with(p_interview.modes, p_decision.mode)),
    'account_required', p_interview.account_required,
    'resumable', p_resumable
  )
  from public.tenants t where t.id = p_interview.tenant_id
$$;

-- What a link is about: protocol LookReply. Changes nothing.
-- Errors: invitation_invalid, _expired, _revoked, _completed, _in_use, origin_not_allowed.
create or replace function public.look_at_invitation(
  p_invitation_hash text, p_device_hash text, p_user uuid, p_origin text
) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_invitation public.interview_invitations;
  v_interview public.interviews;
  v_way jsonb;
begin
  select * into v_invitation from public.interview_invitations where token_hash = p_invitation_hash;
  if v_invitation.id is not null and not private.origin_allowed(v_invitation.tenant_id, p_origin) then
    return private.refusal('origin_not_allowed');
  end if;
  v_way := private.invitation_way(v_invitation, p_device_hash, p_user);
  if v_way ? 'error' then
    return private.refusal_with_contact(v_way, v_invitation.interview_id);
  end if;
  select * into v_interview from public.interviews where id = v_invitation.interview_id;
  return private.about_interview(
    v_interview,
    private.decision_for(v_invitation.id, (v_way ->> 'session_id')::uuid),
    exists (
      select from public.interview_sessions
      where id = (v_way ->> 'session_id')::uuid and status = 'active' and v_way ->> 'way' <> 'rebind'
    )
  );
end
$$;

-- Another signature and not a second one beside it: the API could not tell the two apart.
drop function public.ask_before_start(text, text, text, text, text);

-- Writes down what a candidate asks for. Errors: invitation_invalid, _revoked, _expired, origin_not_allowed, rate_limited.
create function public.ask_before_start(
  p_invitation_hash text, p_device_hash text, p_kind text, p_note text, p_origin text, p_user uuid default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_invitation public.interview_invitations;
begin
  -- Locked, so that many requests at once can't pass the limit together.
  select * into v_invitation from public.interview_invitations
  where token_hash = p_invitation_hash for update;
  if v_invitation.id is null then
    return private.refusal('invitation_invalid');
  elsif not private.origin_allowed(v_invitation.tenant_id, p_origin) then
    return private.refusal('origin_not_allowed');
  elsif v_invitation.revoked_at is not null then
    return private.refusal('invitation_revoked');
  elsif v_invitation.expires_at <= now() then
    return private.refusal('invitation_expired');
  elsif (
    select count(*) from public.adjustments
    where invitation_id = v_invitation.id and asked_at > now() - interval '1 day'
  ) >= 10 * v_invitation.max_uses then
    return private.refusal('rate_limited');
  end if;
  insert into public.adjustments (tenant_id, invitation_id, session_id, kind, note)
  values (v_invitation.tenant_id, v_invitation.id, (
    select s.id from public.interview_sessions s
    join public.candidates c on c.id = s.candidate_id
    where s.invitation_id = v_invitation.id and s.status <> 'cancelled'
      and (s.device_hash = p_device_hash or c.user_id = p_user)
    order by s.created_at desc
    limit 1
  ), p_kind, p_note);
  return jsonb_build_object('ok', true);
end
$$;

-- What a start answers, all but the token and the proxy's address.
create or replace function private.start_result(p_session uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'session', jsonb_build_object(
      'id', s.id, 'status', s.status, 'phase', s.phase, 'mode', s.mode, 'resumable', s.status = 'active',
      'interview', private.interview_summary(i) || jsonb_build_object('duration_s', private.allowed_s(s.id))
    ),
    'candidate_id', s.candidate_id,
    'tenant_id', s.tenant_id,
    'origins', to_jsonb(coalesce(s.origins, t.allowed_origins)),
    'transcript', private.transcript_rows(s.id)
  )
  from public.interview_sessions s
  join public.interviews i on i.id = s.interview_id
  join public.tenants t on t.id = s.tenant_id
  where s.id = p_session
$$;

-- Keeps answers of a session that lack a required consent: a withdrawal holds although nothing starts, and ends what runs.
create function private.keep_withdrawal(p_session public.interview_sessions, p_asked jsonb, p_answers jsonb)
returns void
language plpgsql volatile set search_path = ''
as $$
begin
  perform private.store_consents(p_session, p_asked, p_answers);
  perform private.stop_without_consent(p_session);
end
$$;

-- Redeems an invitation or goes on with what it began, and stores the consents with it. All or nothing: two devices at
-- once meet at the invitation's row, and one of them wins.
-- Errors: those of look_at_invitation, account_required, unsupported (mode), consent_required, consent_outdated,
-- session_limit, rate_limited.
create or replace function public.redeem_invitation(
  p_invitation_hash text, p_device_hash text, p_user uuid, p_origin text,
  p_consents jsonb, p_mode text, p_locale text
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_invitation public.interview_invitations;
  v_interview public.interviews;
  v_session public.interview_sessions;
  v_way jsonb;
  v_former uuid;
  v_problem text;
begin
  select * into v_invitation from public.interview_invitations
  where token_hash = p_invitation_hash for update;
  if v_invitation.id is not null and not private.origin_allowed(v_invitation.tenant_id, p_origin) then
    return private.refusal('origin_not_allowed');
  end if;
  -- The session too: a call that connects meanwhile would bind the very session that is about to be rebound.
  perform from public.interview_sessions where invitation_id = v_invitation.id order by id for update;
  v_way := private.invitation_way(v_invitation, p_device_hash, p_user);
  if v_way ? 'error' then
    return private.refusal_with_contact(v_way, v_invitation.interview_id);
  end if;
  select * into v_interview from public.interviews where id = v_invitation.interview_id;
  if v_interview.account_required and p_user is null then
    return private.refusal('account_required');
  end if;
  if v_way ->> 'way' in ('own', 'enter') then
    select * into v_session from public.interview_sessions where id = (v_way ->> 'session_id')::uuid;
  else
    v_former := (v_way ->> 'session_id')::uuid;
    if p_mode <> all (private.modes_with(
      v_interview.modes, (private.decision_for(v_invitation.id, v_former)).mode
    )) then
      return private.refusal('unsupported');
    end if;
  end if;
  v_problem := private.consent_problem(v_session.id, v_interview.consents, p_consents);
  if v_problem is not null then
    if v_session.id is not null and v_problem = 'consent_required' then
      perform private.keep_withdrawal(v_session, v_interview.consents, p_consents);
    end if;
    return private.refusal(v_problem);
  end if;
  if v_session.id is null then
    v_problem := case
      when v_former is not null and (
        select count(*) from public.interview_sessions where invitation_id = v_invitation.id
      ) >= (select max_attempts from public.tenants where id = v_invitation.tenant_id)
        -- Too many devices had it: the last of them keeps it.
        then 'invitation_in_use'
      -- Whoever changes the device begins nothing new.
      when v_former is null
        then private.cap_refusal(v_invitation.tenant_id, v_invitation.interview_id, null, p_user)
    end;
    if v_problem is not null then
      return private.refusal_with_contact(private.refusal(v_problem), v_invitation.interview_id);
    end if;
    v_session := private.begin_session(
      v_invitation, v_former, p_device_hash, p_user, p_mode, coalesce(p_locale, v_interview.language)
    );
  elsif v_way ->> 'way' = 'enter' then
    update public.interview_sessions set device_hash = p_device_hash, device_open = false
    where id = v_session.id;
    insert into public.integrity_events (tenant_id, session_id, kind, detail)
    values (v_session.tenant_id, v_session.id, 'device_changed', jsonb_build_object('allowed', v_session.device_open));
  end if;
  if p_user is not null then
    update public.candidates set user_id = p_user where id = v_session.candidate_id and user_id is null;
  end if;
  perform private.store_consents(v_session, v_interview.consents, p_consents);
  return private.start_result(v_session.id);
end
$$;

-- The tenant that a key of its backend acts for: {tenant_id}. Errors: api_key_invalid, forbidden, origin_not_allowed.
create function private.tenant_of_key(p_key_hash text, p_tenant text, p_scope text, p_origin text) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_key public.tenant_api_keys;
  v_tenant public.tenants;
begin
  select * into v_key from public.tenant_api_keys
  where key_hash = p_key_hash and revoked_at is null and (expires_at is null or expires_at > now());
  if v_key.id is null then
    return private.refusal('api_key_invalid');
  end if;
  select * into v_tenant from public.tenants where id = v_key.tenant_id;
  if p_scope <> all (v_key.scopes) or p_tenant not in (v_tenant.external_id, v_tenant.id::text) then
    return private.refusal('forbidden');
  elsif not private.origin_allowed(v_tenant.id, p_origin) then
    return private.refusal('origin_not_allowed');
  end if;
  return jsonb_build_object('tenant_id', v_tenant.id);
end
$$;

-- The interview that a tenant's backend names, by either id, or the tenant's own default; all null where there is none.
create function private.interview_of_tenant(p_tenant uuid, p_interview text) returns public.interviews
language sql stable set search_path = ''
as $$
  select i.* from public.interviews i
  where i.tenant_id = p_tenant and case
    when p_interview is null then i.id = (select default_interview_id from public.tenants where id = p_tenant)
    else p_interview in (i.id::text, i.external_id)
  end
$$;

-- The decision that counts for a session which a tenant's backend has not started yet.
create function private.decision_before(p_tenant uuid, p_session text) returns public.adjustment_decisions
language sql stable set search_path = ''
as $$
  select d.*
  from public.adjustments a
  join public.adjustment_decisions d on d.adjustment_id = a.id
  where a.tenant_id = p_tenant and a.external_session = p_session and a.session_id is null
  order by d.id desc limit 1
$$;

-- Another signature and not a second one beside it: the API could not tell the two apart.
drop function public.start_for_tenant(text, text, text, text, jsonb, jsonb, text, text);

-- Starts a session for a tenant's own backend, or finds the one of that id again. The candidate's consents come with it,
-- as by a link: the backend shows the texts of look_for_tenant.
-- Errors: api_key_invalid, forbidden, origin_not_allowed, interview_required, not_found, session_ended, unsupported
-- (mode), consent_required, consent_outdated, session_limit, rate_limited.
create function public.start_for_tenant(
  p_key_hash text, p_tenant text, p_session text, p_interview text, p_candidate jsonb,
  p_origins jsonb, p_locale text, p_origin text, p_consents jsonb default '[]', p_mode text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_known jsonb := private.tenant_of_key(p_key_hash, p_tenant, 'sessions:start', p_origin);
  v_tenant uuid := (v_known ->> 'tenant_id')::uuid;
  v_interview public.interviews;
  v_session public.interview_sessions;
  v_decision public.adjustment_decisions;
  v_origins text[];
  v_problem text;
begin
  if v_known ? 'error' then
    return v_known;
  end if;
  v_origins := (select array_agg(value) from jsonb_array_elements_text(p_origins));
  if not v_origins <@ (select allowed_origins from public.tenants where id = v_tenant) then
    return private.refusal('origin_not_allowed');
  end if;
  -- One at a time for each id, so that the same request twice at once makes one session.
  perform pg_advisory_xact_lock(hashtextextended(v_tenant::text || p_session, 0));
  select * into v_session from public.interview_sessions
  where tenant_id = v_tenant and external_id = p_session for update;
  if v_session.ended_at is not null or v_session.deadline_at + private.overtime() < now() then
    return private.refusal('session_ended');
  end if;
  if v_session.id is not null then
    select * into v_interview from public.interviews where id = v_session.interview_id;
  else
    v_interview := private.interview_of_tenant(v_tenant, p_interview);
    if v_interview.id is null then
      return private.refusal(case when p_interview is null then 'interview_required' else 'not_found' end);
    end if;
    v_decision := private.decision_before(v_tenant, p_session);
    if p_mode <> all (private.modes_with(v_interview.modes, v_decision.mode)) then
      return private.refusal('unsupported');
    end if;
  end if;
  v_problem := private.consent_problem(v_session.id, v_interview.consents, p_consents);
  if v_problem is not null then
    if v_session.id is not null and v_problem = 'consent_required' then
      perform private.keep_withdrawal(v_session, v_interview.consents, p_consents);
    end if;
    return private.refusal(v_problem);
  end if;
  if v_session.id is null then
    v_problem := private.cap_refusal(v_tenant, v_interview.id, (
      select id from public.candidates where tenant_id = v_tenant and external_id = p_candidate ->> 'id'
    ), null);
    if v_problem is not null then
      return private.refusal(v_problem);
    end if;
    update public.interviews set used_at = now() where id = v_interview.id and used_at is null;
    insert into public.interview_sessions
      (tenant_id, interview_id, candidate_id, external_id, origins, mode, locale)
    values (
      v_tenant, v_interview.id, private.candidate_of_tenant(v_tenant, coalesce(p_candidate, '{}')),
      p_session, v_origins,
      coalesce(p_mode, v_decision.mode, v_interview.modes[1]), coalesce(p_locale, v_interview.language)
    )
    returning * into v_session;
    -- What was asked for before there was a session.
    update public.adjustments set session_id = v_session.id
    where tenant_id = v_tenant and external_session = p_session and session_id is null;
  end if;
  perform private.store_consents(v_session, v_interview.consents, p_consents);
  return private.start_result(v_session.id);
end
$$;

-- What an interview is about, for a tenant's own backend: protocol LookReply. Changes nothing. `p_session`: an id that the
-- backend has used, or is going to.
-- Errors: api_key_invalid, forbidden, origin_not_allowed, interview_required, not_found, session_ended.
create function public.look_for_tenant(
  p_key_hash text, p_tenant text, p_session text, p_interview text, p_origin text
) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_known jsonb := private.tenant_of_key(p_key_hash, p_tenant, 'sessions:start', p_origin);
  v_tenant uuid := (v_known ->> 'tenant_id')::uuid;
  v_interview public.interviews;
  v_session public.interview_sessions;
begin
  if v_known ? 'error' then
    return v_known;
  end if;
  select * into v_session from public.interview_sessions
  where tenant_id = v_tenant and external_id = p_session;
  if v_session.ended_at is not null or v_session.deadline_at + private.overtime() < now() then
    return private.refusal('session_ended');
  end if;
  v_interview := private.interview_of_tenant(v_tenant, coalesce(v_session.interview_id::text, p_interview));
  if v_interview.id is null then
    return private.refusal(case when p_interview is null then 'interview_required' else 'not_found' end);
  end if;
  return private.about_interview(
    v_interview,
    case
      when v_session.id is null then private.decision_before(v_tenant, p_session)
      else private.decision_for(null, v_session.id)
    end,
    coalesce(v_session.status = 'active', false)
  );
end
$$;

-- Writes down what the candidate of a tenant's own backend asks for, before the session of that id is started or after.
-- Errors: api_key_invalid, forbidden, origin_not_allowed, rate_limited, session_ended, bad_request.
create function public.ask_for_tenant(
  p_key_hash text, p_tenant text, p_session text, p_kind text, p_note text, p_origin text
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_known jsonb := private.tenant_of_key(p_key_hash, p_tenant, 'sessions:start', p_origin);
  v_tenant uuid := (v_known ->> 'tenant_id')::uuid;
  v_session uuid;
begin
  if v_known ? 'error' then
    return v_known;
  end if;
  -- As a start of the same id: the request is there before it, or finds its session.
  perform pg_advisory_xact_lock(hashtextextended(v_tenant::text || p_session, 0));
  v_session := (
    select id from public.interview_sessions where tenant_id = v_tenant and external_id = p_session
  );
  if v_session is not null then
    return public.ask_in_session(v_session, p_kind, p_note);
  end if;
  -- Nobody can say any more who asked, where no session ever came.
  delete from public.adjustments
  where tenant_id = v_tenant and external_session is not null and session_id is null
    and asked_at < now() - interval '30 days';
  if (
    select count(*) from public.adjustments
    where tenant_id = v_tenant and external_session = p_session and session_id is null
      and asked_at > now() - interval '1 day'
  ) >= 10 then
    return private.refusal('rate_limited');
  end if;
  insert into public.adjustments (tenant_id, external_session, kind, note)
  values (v_tenant, p_session, p_kind, p_note);
  return jsonb_build_object('ok', true);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- Takes back consents for the candidate of a tenant's own backend. Errors: api_key_invalid, forbidden,
-- origin_not_allowed, not_found, bad_request.
create function public.withdraw_for_tenant(
  p_key_hash text, p_tenant text, p_session text, p_purposes jsonb, p_origin text
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_known jsonb := private.tenant_of_key(p_key_hash, p_tenant, 'sessions:start', p_origin);
begin
  if v_known ? 'error' then
    return v_known;
  end if;
  return private.withdraw_consents((
    select id from public.interview_sessions
    where tenant_id = (v_known ->> 'tenant_id')::uuid and external_id = p_session
  ), p_purposes);
end
$$;

revoke all on function
  private.about_interview(public.interviews, public.adjustment_decisions, boolean),
  private.keep_withdrawal(public.interview_sessions, jsonb, jsonb),
  private.tenant_of_key(text, text, text, text), private.interview_of_tenant(uuid, text),
  private.decision_before(uuid, text),
  public.ask_before_start(text, text, text, text, text, uuid),
  public.start_for_tenant(text, text, text, text, jsonb, jsonb, text, text, jsonb, text),
  public.look_for_tenant(text, text, text, text, text),
  public.ask_for_tenant(text, text, text, text, text, text),
  public.withdraw_for_tenant(text, text, text, jsonb, text)
from public, anon, authenticated;
grant execute on function
  public.ask_before_start(text, text, text, text, text, uuid),
  public.start_for_tenant(text, text, text, text, jsonb, jsonb, text, text, jsonb, text),
  public.look_for_tenant(text, text, text, text, text),
  public.ask_for_tenant(text, text, text, text, text, text),
  public.withdraw_for_tenant(text, text, text, jsonb, text)
to service_role;
