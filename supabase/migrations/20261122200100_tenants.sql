-- Tenants, who belongs to them, and the keys that their backends hold.

create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  -- The tenant's name for itself in requests of its own backend.
  external_id text not null unique check (external_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  name text not null check (char_length(name) between 1 and 200),
  -- A data URL, so that no page of ours loads anything from elsewhere.
  logo text check (logo like 'data:image/%' and octet_length(logo) <= 22000),
  -- Origins whose pages may interview for this tenant, exactly as a browser sends them.
  allowed_origins text[] not null default '{}' check (cardinality(allowed_origins) <= 64),
  default_interview_id uuid,
  created_at timestamptz not null default now()
);
alter table public.tenants enable row level security;

create table public.tenant_members (
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null default 'recruiter' check (role in ('owner', 'recruiter', 'reviewer')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);
create index tenant_members_user on public.tenant_members (user_id);
alter table public.tenant_members enable row level security;

create table public.tenant_api_keys (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 200),
  -- SHA-256 of `ik_…`; the key itself is nowhere.
  key_hash text not null unique check (key_hash ~ '^[0-9a-f]{64}$'),
  scopes text[] not null default '{sessions:start}' check (
    scopes <@ array['sessions:start', 'invitations:write', 'transcripts:read']
  ),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
create index tenant_api_keys_tenant on public.tenant_api_keys (tenant_id);
alter table public.tenant_api_keys enable row level security;

-- Security definer, since a policy on tenant_members that read tenant_members would call itself for ever.
create function private.is_member(p_tenant uuid, p_roles text[] default null) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.tenant_members m
    where m.tenant_id = p_tenant
      and m.user_id = (select auth.uid())
      and (p_roles is null or m.role = any (p_roles))
  )
$$;
revoke all on function private.is_member(uuid, text[]) from public, anon;
grant execute on function private.is_member(uuid, text[]) to authenticated, service_role;

revoke all on public.tenants, public.tenant_members, public.tenant_api_keys from anon, authenticated;
grant select on public.tenants, public.tenant_members to authenticated;
-- Everything but the hash.
grant select (id, tenant_id, name, scopes, created_at, expires_at, revoked_at)
  on public.tenant_api_keys to authenticated;
grant select, insert, update, delete
  on public.tenants, public.tenant_members, public.tenant_api_keys to service_role;

create policy "Members see their tenant" on public.tenants
  for select to authenticated using (private.is_member(id));
create policy "Members see who else belongs to their tenant" on public.tenant_members
  for select to authenticated using (private.is_member(tenant_id));
create policy "Owners see the keys of their tenant" on public.tenant_api_keys
  for select to authenticated using (private.is_member(tenant_id, array['owner']));

-- Makes a signed-up user a member. `p_tenant` is the tenant's external id.
create function public.add_tenant_member(p_email text, p_tenant text, p_role text default 'recruiter')
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_tenant uuid := (select id from public.tenants where external_id = p_tenant);
  v_user uuid := (select id from auth.users where lower(email) = lower(p_email));
begin
  if v_tenant is null or v_user is null then
    return private.refusal('not_found');
  end if;
  insert into public.tenant_members (tenant_id, user_id, role) values (v_tenant, v_user, p_role)
  on conflict (tenant_id, user_id) do update set role = excluded.role;
  return jsonb_build_object('ok', true);
end
$$;
revoke all on function public.add_tenant_member(text, text, text) from public, anon, authenticated;
grant execute on function public.add_tenant_member(text, text, text) to service_role;
