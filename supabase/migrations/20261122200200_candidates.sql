-- People who are interviewed. One row for each tenant that a person talks to: tenants never share people.

create table public.candidates (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  -- The id that the tenant's own backend uses.
  external_id text check (external_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  -- Set when the person signed in; most don't.
  user_id uuid references auth.users (id) on delete set null,
  name text check (char_length(name) <= 200),
  email text check (char_length(email) <= 320),
  created_at timestamptz not null default now(),
  unique (tenant_id, external_id)
);
create index candidates_user on public.candidates (user_id);
alter table public.candidates enable row level security;

revoke all on public.candidates from anon, authenticated, service_role;
grant select on public.candidates to authenticated;
grant select on public.candidates to service_role;

create policy "Members see the candidates of their tenant" on public.candidates
  for select to authenticated using (private.is_member(tenant_id));
create policy "Candidates see themselves" on public.candidates
  for select to authenticated using (user_id = (select auth.uid()));

-- Whether the signed-in person is this candidate.
create function private.is_candidate(p_candidate uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.candidates c where c.id = p_candidate and c.user_id = (select auth.uid())
  )
$$;
revoke all on function private.is_candidate(uuid) from public, anon;
grant execute on function private.is_candidate(uuid) to authenticated, service_role;
