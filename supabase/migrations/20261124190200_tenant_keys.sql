-- Keys that owners make for their own backend, and invitations that such a backend makes by the hundred.

-- Makes a key: {id, key}. The key is in the reply and nowhere else.
-- Errors: forbidden, bad_request {field}, rate_limited (twenty at a time are the most).
create function private.create_api_key(p_tenant uuid, p_name text, p_scopes text[], p_expires_in_s integer)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_key text := 'ik_' || private.random_token();
  v_id uuid;
begin
  if not private.is_member(p_tenant, array['owner']) then
    return private.refusal('forbidden');
  elsif p_name is null or char_length(p_name) not between 1 and 200 then
    return private.refusal('bad_request') || '{"field": "name"}';
  elsif coalesce(cardinality(p_scopes), 0) = 0 then
    return private.refusal('bad_request') || '{"field": "scopes"}';
  elsif p_expires_in_s not between 3600 and 315360000 then
    return private.refusal('bad_request') || '{"field": "expires_in_s"}';
  end if;
  perform from public.tenants where id = p_tenant for update;
  if (
    select count(*) from public.tenant_api_keys
    where tenant_id = p_tenant and revoked_at is null and (expires_at is null or expires_at > now())
  ) >= 20 then
    return private.refusal('rate_limited');
  end if;
  insert into public.tenant_api_keys (tenant_id, name, key_hash, scopes, expires_at)
  values (
    p_tenant, p_name, private.sha256_hex(v_key), array(select distinct unnest(p_scopes) order by 1),
    now() + make_interval(secs => p_expires_in_s)
  )
  returning id into v_id;
  return jsonb_build_object('id', v_id, 'key', v_key);
exception when check_violation then
  return private.refusal('bad_request') || '{"field": "scopes"}';
end
$$;

-- Puts a new key in one's place: {id, key, former_until}. The former one goes on for a while, so that a backend can change
-- without a gap. Errors: forbidden, bad_request {field}, api_key_invalid (it no longer works).
create function private.rotate_api_key(p_key uuid, p_overlap_s integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_former public.tenant_api_keys;
  v_key text := 'ik_' || private.random_token();
  v_id uuid;
  v_until timestamptz;
begin
  select * into v_former from public.tenant_api_keys
  where id = p_key and private.is_member(tenant_id, array['owner']) for update;
  if v_former.id is null then
    return private.refusal('forbidden');
  elsif p_overlap_s is null or p_overlap_s not between 0 and 2592000 then
    return private.refusal('bad_request') || '{"field": "overlap_s"}';
  elsif v_former.revoked_at is not null or v_former.expires_at <= now() then
    return private.refusal('api_key_invalid');
  end if;
  v_until := least(v_former.expires_at, now() + make_interval(secs => p_overlap_s));
  update public.tenant_api_keys set expires_at = v_until where id = p_key;
  insert into public.tenant_api_keys (tenant_id, name, key_hash, scopes, expires_at)
  values (
    v_former.tenant_id, v_former.name, private.sha256_hex(v_key), v_former.scopes,
    -- For as long again as the former one was meant to last.
    now() + (v_former.expires_at - v_former.created_at)
  )
  returning id into v_id;
  return jsonb_build_object('id', v_id, 'key', v_key, 'former_until', private.iso(v_until));
end
$$;

-- Ends a key at once. Errors: forbidden.
create function private.revoke_api_key(p_key uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.tenant_api_keys set revoked_at = coalesce(revoked_at, now())
  where id = p_key and private.is_member(tenant_id, array['owner']);
  if not found then
    return private.refusal('forbidden');
  end if;
  return jsonb_build_object('ok', true);
end
$$;

create function public.create_api_key(
  p_tenant uuid, p_name text, p_scopes text[], p_expires_in_s integer default null
) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.create_api_key(p_tenant, p_name, p_scopes, p_expires_in_s) $$;
create function public.rotate_api_key(p_key uuid, p_overlap_s integer default 86400) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.rotate_api_key(p_key, p_overlap_s) $$;
create function public.revoke_api_key(p_key uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.revoke_api_key(p_key) $$;

-- One of a batch: created or renewed with its token, exists without one, or refused by itself.
create function private.invite_one(p_interview public.interviews, p_item jsonb) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_invitation public.interview_invitations;
  v_status text;
  v_made jsonb;
begin
  select * into v_invitation from public.interview_invitations
  where tenant_id = p_interview.tenant_id and external_id = p_item ->> 'id' for update;
  if v_invitation.id is null then
    v_status := 'created';
    v_made := private.write_invitation(
      p_interview, coalesce((p_item ->> 'expires_in_s')::integer, 1209600),
      coalesce((p_item ->> 'max_uses')::integer, 1), p_item ->> 'note', (p_item ->> 'max_minutes')::integer,
      p_item ->> 'name', p_item ->> 'email', p_item ->> 'id'
    );
  elsif coalesce((p_item ->> 'resend')::boolean, false) then
    v_status := 'resent';
    v_made := private.renew_token(v_invitation, coalesce((p_item ->> 'expires_in_s')::integer, 1209600));
  else
    v_status := 'exists';
    v_made := jsonb_build_object('id', v_invitation.id, 'expires_at', private.iso(v_invitation.expires_at));
  end if;
  return jsonb_build_object('id', p_item ->> 'id') || case
    when v_made ? 'error' then jsonb_build_object('status', 'refused') || v_made
    else jsonb_build_object('status', v_status, 'invitation_id', v_made -> 'id') || (v_made - 'id')
  end;
end
$$;

-- Invitations for a tenant's own backend, each known by the backend's id: asking again makes none twice.
-- → {invitations: [...], in the order of the batch}
-- Errors: api_key_invalid, forbidden, interview_required, not_found, unsupported (archived).
create function public.invite_for_tenant(p_key_hash text, p_tenant text, p_interview text, p_items jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_key public.tenant_api_keys;
  v_tenant public.tenants;
  v_interview public.interviews;
  v_item jsonb;
  v_replies jsonb[] := '{}';
begin
  select * into v_key from public.tenant_api_keys
  where key_hash = p_key_hash and revoked_at is null and (expires_at is null or expires_at > now());
  if v_key.id is null then
    return private.refusal('api_key_invalid');
  end if;
  select * into v_tenant from public.tenants where id = v_key.tenant_id;
  if not 'invitations:write' = any (v_key.scopes) or p_tenant not in (v_tenant.external_id, v_tenant.id::text) then
    return private.refusal('forbidden');
  elsif p_interview is null and v_tenant.default_interview_id is null then
    return private.refusal('interview_required');
  end if;
  select * into v_interview from public.interviews
  where tenant_id = v_tenant.id and case
    when p_interview is null then id = v_tenant.default_interview_id
    else p_interview in (id::text, external_id)
  end;
  if v_interview.id is null then
    return private.refusal('not_found');
  elsif v_interview.archived_at is not null then
    return private.refusal('unsupported');
  end if;
  -- One batch of a tenant at a time: two that name the same ids neither make them twice nor wait for each other.
  perform pg_advisory_xact_lock(hashtextextended('invite ' || v_tenant.id::text, 0));
  for v_item in select value from jsonb_array_elements(p_items) loop
    v_replies := v_replies || private.invite_one(v_interview, v_item);
  end loop;
  return jsonb_build_object('invitations', to_jsonb(v_replies));
end
$$;

revoke all on function
  private.invite_one(public.interviews, jsonb), public.invite_for_tenant(text, text, text, jsonb),
  private.create_api_key(uuid, text, text[], integer), public.create_api_key(uuid, text, text[], integer),
  private.rotate_api_key(uuid, integer), public.rotate_api_key(uuid, integer),
  private.revoke_api_key(uuid), public.revoke_api_key(uuid)
from public, anon, authenticated;
grant execute on function public.invite_for_tenant(text, text, text, jsonb) to service_role;
grant execute on function
  private.create_api_key(uuid, text, text[], integer), public.create_api_key(uuid, text, text[], integer),
  private.rotate_api_key(uuid, integer), public.rotate_api_key(uuid, integer),
  private.revoke_api_key(uuid), public.revoke_api_key(uuid)
to authenticated;
