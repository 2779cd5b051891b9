-- Looking at an invitation, asking for something, and starting. Tokens and keys arrive here as SHA-256 only.

-- How a device may use an invitation: {way, session_id?} or {error}.
--   own     it has a session of it already
--   enter   it is let into somebody's session: same account, or a recruiter said so
--   new     a use is left
--   rebind  the only use was taken by a device that never connected
create function private.invitation_way(
  p_invitation public.interview_invitations, p_device_hash text, p_user uuid
) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_owner uuid;
begin
  if p_invitation.id is null then
    return private.refusal('invitation_invalid');
  end if;
  if p_invitation.revoked_at is not null then
    return private.refusal('invitation_revoked');
  end if;
  select * into v_session from public.interview_sessions
  where invitation_id = p_invitation.id and device_hash = p_device_hash and status <> 'cancelled';
  if v_session.id is not null then
    v_owner := (select user_id from public.candidates where id = v_session.candidate_id);
    if v_session.ended_at is not null or v_session.deadline_at + private.overtime() < now() then
      return private.refusal('invitation_completed');
    elsif v_owner <> p_user then
      return private.refusal('invitation_in_use');
    end if;
    return jsonb_build_object('way', 'own', 'session_id', v_session.id);
  end if;
  select s.* into v_session
  from public.interview_sessions s
  join public.candidates c on c.id = s.candidate_id
  where s.invitation_id = p_invitation.id and s.ended_at is null and (s.device_open or c.user_id = p_user)
  order by s.created_at desc
  limit 1;
  if v_session.id is not null then
    return jsonb_build_object('way', 'enter', 'session_id', v_session.id);
  end if;
  if p_invitation.expires_at <= now() then
    return private.refusal('invitation_expired');
  end if;
  if p_invitation.uses < p_invitation.max_uses then
    return jsonb_build_object('way', 'new');
  end if;
  select * into v_session from public.interview_sessions
  where invitation_id = p_invitation.id and ended_at is null
  order by created_at desc
  limit 1;
  if v_session.id is null then
    return private.refusal('invitation_completed');
  end if;
  -- With several uses nobody could say whose provisional session it is, so those stand.
  if p_invitation.max_uses = 1 and v_session.bound_at is null then
    return jsonb_build_object('way', 'rebind', 'session_id', v_session.id);
  end if;
  return private.refusal('invitation_in_use');
end
$$;
revoke all on function private.invitation_way(public.interview_invitations, text, uuid)
  from public, anon, authenticated;

-- Whether a page of this origin may act for a tenant. No origin: not a browser.
create function private.origin_allowed(p_tenant uuid, p_origin text) returns boolean
language sql stable set search_path = ''
as $$
  select p_origin is null or exists (
    select from public.tenants where id = p_tenant and p_origin = any (allowed_origins)
  )
$$;
revoke all on function private.origin_allowed(uuid, text) from public, anon, authenticated;

-- An error with the person to turn to, where there is one.
create function private.refusal_with_contact(p_refusal jsonb, p_interview uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select p_refusal || coalesce(
    (select jsonb_build_object('contact', inviter) from public.interviews where id = p_interview), '{}'
  )
$$;
revoke all on function private.refusal_with_contact(jsonb, uuid) from public, anon, authenticated;

-- What a link is about: protocol LookReply. Changes nothing.
-- Errors: invitation_invalid, _expired, _revoked, _completed, _in_use, origin_not_allowed.
create function public.look_at_invitation(
  p_invitation_hash text, p_device_hash text, p_user uuid, p_origin text
) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_invitation public.interview_invitations;
  v_interview public.interviews;
  v_tenant public.tenants;
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
  select * into v_tenant from public.tenants where id = v_invitation.tenant_id;
  return jsonb_build_object(
    'interview', private.interview_summary(v_interview),
    'tenant', jsonb_strip_nulls(jsonb_build_object('name', v_tenant.name, 'logo', v_tenant.logo)),
    'inviter', v_interview.inviter,
    'decider', v_interview.decider,
    'retention', v_interview.retention,
    'next_steps', v_interview.next_steps,
    'adjustment', v_interview.adjustment,
    'consents', v_interview.consents,
    'modes', to_jsonb(v_interview.modes),
    'account_required', v_interview.account_required,
    'resumable', exists (
      select from public.interview_sessions
      where id = (v_way ->> 'session_id')::uuid and status = 'active' and v_way ->> 'way' <> 'rebind'
    )
  );
end
$$;

-- Writes down what a candidate asks for. Errors: invitation_invalid, _revoked, _expired, origin_not_allowed, rate_limited.
create function public.ask_before_start(
  p_invitation_hash text, p_device_hash text, p_kind text, p_note text, p_origin text
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
    select id from public.interview_sessions
    where invitation_id = v_invitation.id and device_hash = p_device_hash and status <> 'cancelled'
  ), p_kind, p_note);
  return jsonb_build_object('ok', true);
end
$$;

-- What a start answers, all but the token and the proxy's address.
create function private.start_result(p_session uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'session', jsonb_build_object(
      'id', s.id, 'status', s.status, 'phase', s.phase, 'resumable', s.status = 'active',
      'interview', private.interview_summary(i)
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
revoke all on function private.start_result(uuid) from public, anon, authenticated;

-- Makes the session of a redeemed invitation. The invitation's row must be locked.
create function private.begin_session(
  p_invitation public.interview_invitations, p_former uuid, p_device_hash text, p_user uuid,
  p_mode text, p_locale text
) returns public.interview_sessions
language plpgsql volatile set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_candidate uuid;
begin
  if p_former is null then
    update public.interview_invitations set uses = uses + 1 where id = p_invitation.id;
    insert into public.candidates (tenant_id, user_id) values (p_invitation.tenant_id, p_user)
    returning id into v_candidate;
  else
    -- With its session cancelled, the former device's token opens nothing any more.
    update public.interview_sessions set status = 'cancelled', ended_at = now()
    where id = p_former returning candidate_id into v_candidate;
    update public.session_calls set closed_at = now(), close_reason = 'superseded'
    where session_id = p_former and closed_at is null;
    update public.candidates set user_id = coalesce(p_user, user_id) where id = v_candidate;
  end if;
  update public.interviews set used_at = now() where id = p_invitation.interview_id and used_at is null;
  insert into public.interview_sessions
    (tenant_id, interview_id, candidate_id, invitation_id, device_hash, mode, locale)
  values (
    p_invitation.tenant_id, p_invitation.interview_id, v_candidate, p_invitation.id, p_device_hash,
    p_mode, p_locale
  )
  returning * into v_session;
  if p_former is not null then
    insert into public.integrity_events (tenant_id, session_id, kind, detail)
    values (v_session.tenant_id, v_session.id, 'device_rebound', jsonb_build_object('former', p_former));
  end if;
  return v_session;
end
$$;
revoke all on function private.begin_session(public.interview_invitations, uuid, text, uuid, text, text)
  from public, anon, authenticated;

-- Redeems an invitation or goes on with what it began, and stores the consents with it. All or nothing: two devices at
-- once meet at the invitation's row, and one of them wins.
-- Errors: those of look_at_invitation, account_required, unsupported (mode), consent_required, consent_outdated.
create function public.redeem_invitation(
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
  elsif not p_mode = any (v_interview.modes) then
    return private.refusal('unsupported');
  end if;
  v_problem := private.consent_problem(v_session.id, v_interview.consents, p_consents);
  if v_problem is not null then
    if v_session.id is not null and v_problem = 'consent_required' then
      -- A withdrawal: it holds although nothing starts.
      perform private.store_consents(v_session, v_interview.consents, p_consents);
    end if;
    return private.refusal(v_problem);
  end if;
  if v_session.id is null then
    v_session := private.begin_session(
      v_invitation, (v_way ->> 'session_id')::uuid, p_device_hash, p_user,
      p_mode, coalesce(p_locale, v_interview.language)
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

-- Whoever a tenant's backend names, found again by its own id.
create function private.candidate_of_tenant(p_tenant uuid, p_candidate jsonb) returns uuid
language sql volatile set search_path = ''
as $$
  insert into public.candidates as c (tenant_id, external_id, name, email)
  values (p_tenant, p_candidate ->> 'id', p_candidate ->> 'name', p_candidate ->> 'email')
  on conflict (tenant_id, external_id) do update
  set name = coalesce(excluded.name, c.name), email = coalesce(excluded.email, c.email)
  returning id
$$;
revoke all on function private.candidate_of_tenant(uuid, jsonb) from public, anon, authenticated;

-- Starts a session for a tenant's own backend, or finds the one of that id again.
-- Errors: api_key_invalid, forbidden, origin_not_allowed, interview_required, not_found, session_ended.
create function public.start_for_tenant(
  p_key_hash text, p_tenant text, p_session text, p_interview text, p_candidate jsonb,
  p_origins jsonb, p_locale text, p_origin text
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_key public.tenant_api_keys;
  v_tenant public.tenants;
  v_interview public.interviews;
  v_session public.interview_sessions;
  v_origins text[];
begin
  select * into v_key from public.tenant_api_keys
  where key_hash = p_key_hash and revoked_at is null and (expires_at is null or expires_at > now());
  if v_key.id is null then
    return private.refusal('api_key_invalid');
  end if;
  select * into v_tenant from public.tenants where id = v_key.tenant_id;
  if not 'sessions:start' = any (v_key.scopes) or p_tenant not in (v_tenant.external_id, v_tenant.id::text) then
    return private.refusal('forbidden');
  end if;
  v_origins := (select array_agg(value) from jsonb_array_elements_text(p_origins));
  if not private.origin_allowed(v_tenant.id, p_origin) or not v_origins <@ v_tenant.allowed_origins then
    return private.refusal('origin_not_allowed');
  end if;
  -- One at a time for each id, so that the same request twice at once makes one session.
  perform pg_advisory_xact_lock(hashtextextended(v_tenant.id::text || p_session, 0));
  select * into v_session from public.interview_sessions
  where tenant_id = v_tenant.id and external_id = p_session;
  if v_session.id is not null then
    if v_session.ended_at is not null or v_session.deadline_at + private.overtime() < now() then
      return private.refusal('session_ended');
    end if;
    return private.start_result(v_session.id);
  end if;
  if p_interview is null and v_tenant.default_interview_id is null then
    return private.refusal('interview_required');
  end if;
  select * into v_interview from public.interviews
  where tenant_id = v_tenant.id and case
    when p_interview is null then id = v_tenant.default_interview_id
    else p_interview in (id::text, external_id)
  end;
  if v_interview.id is null then
    return private.refusal('not_found');
  end if;
  update public.interviews set used_at = now() where id = v_interview.id and used_at is null;
  insert into public.interview_sessions
    (tenant_id, interview_id, candidate_id, external_id, origins, mode, locale)
  values (
    v_tenant.id, v_interview.id, private.candidate_of_tenant(v_tenant.id, coalesce(p_candidate, '{}')),
    p_session, v_origins, v_interview.modes[1], coalesce(p_locale, v_interview.language)
  )
  returning * into v_session;
  return private.start_result(v_session.id);
end
$$;

revoke all on function
  public.look_at_invitation(text, text, uuid, text),
  public.ask_before_start(text, text, text, text, text),
  public.redeem_invitation(text, text, uuid, text, jsonb, text, text),
  public.start_for_tenant(text, text, text, text, jsonb, jsonb, text, text)
from public, anon, authenticated;
grant execute on function
  public.look_at_invitation(text, text, uuid, text),
  public.ask_before_start(text, text, text, text, text),
  public.redeem_invitation(text, text, uuid, text, jsonb, text, text),
  public.start_for_tenant(text, text, text, text, jsonb, jsonb, text, text)
to service_role;
