-- Invitations: a secret that is shown once, and what it allows.

create table public.interview_invitations (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  interview_id uuid not null references public.interviews (id) on delete cascade,
  -- SHA-256 of `inv_…`.
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null,
  max_uses integer not null default 1 check (max_uses between 1 and 1000),
  -- Devices that took a use.
  uses integer not null default 0 check (uses between 0 and max_uses),
  -- For the recruiter's own eyes.
  note text check (char_length(note) <= 500),
  revoked_at timestamptz,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now()
);
create index interview_invitations_tenant on public.interview_invitations (tenant_id);
create index interview_invitations_interview on public.interview_invitations (interview_id);
alter table public.interview_invitations enable row level security;

revoke all on public.interview_invitations from anon, authenticated, service_role;
grant select on public.interview_invitations to authenticated;
grant select on public.interview_invitations to service_role;

create policy "Members see the invitations of their tenant" on public.interview_invitations
  for select to authenticated using (private.is_member(tenant_id));

-- Makes an invitation. The token is in the reply and nowhere else.
-- Errors: forbidden (no such interview, or not the caller's), bad_request.
create function public.create_invitation(
  p_interview uuid,
  p_expires_in_s integer default 1209600,
  p_max_uses integer default 1,
  p_note text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_tenant uuid := (select tenant_id from public.interviews where id = p_interview);
  v_token text := 'inv_' || private.random_token();
  v_row public.interview_invitations;
begin
  if v_tenant is null or not private.is_member(v_tenant, array['owner', 'recruiter']) then
    return private.refusal('forbidden');
  end if;
  if p_expires_in_s is null or p_expires_in_s not between 60 and 31536000
    or p_max_uses is null or p_max_uses not between 1 and 1000
    or char_length(p_note) > 500 then
    return private.refusal('bad_request');
  end if;
  insert into public.interview_invitations
    (tenant_id, interview_id, token_hash, expires_at, max_uses, note, created_by)
  values (
    v_tenant, p_interview, private.sha256_hex(v_token),
    now() + make_interval(secs => p_expires_in_s), p_max_uses, p_note, (select auth.uid())
  )
  returning * into v_row;
  return jsonb_build_object(
    'id', v_row.id, 'token', v_token, 'expires_at', private.iso(v_row.expires_at)
  );
end
$$;
revoke all on function public.create_invitation(uuid, integer, integer, text) from public, anon, authenticated;
grant execute on function public.create_invitation(uuid, integer, integer, text) to authenticated;

-- Takes an invitation back. What it began can't go on either. Errors: forbidden.
create function public.revoke_invitation(p_invitation uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.interview_invitations
  set revoked_at = coalesce(revoked_at, now())
  where id = p_invitation and private.is_member(tenant_id, array['owner', 'recruiter']);
  if not found then
    return private.refusal('forbidden');
  end if;
  return jsonb_build_object('ok', true);
end
$$;
revoke all on function public.revoke_invitation(uuid) from public, anon, authenticated;
grant execute on function public.revoke_invitation(uuid) to authenticated;
