-- Calls of a session to a provider, and the lease that says which proxy supervises one.

create table public.session_calls (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  -- 1, 2, 3 … in the order in which the session's calls were opened.
  ordinal integer not null check (ordinal > 0),
  -- The offer's id, with its page load's where several pages could choose the same: it never opens a second call.
  offer_id text not null check (offer_id ~ '^[A-Za-z0-9._-]{1,128}$'),
  -- The page load that opened it.
  writer_id text,
  reason text not null constraint session_calls_reason_check
    check (reason in ('start', 'reconnect', 'resume')),
  provider text not null check (char_length(provider) between 1 and 64),
  provider_call_id text check (char_length(provider_call_id) <= 256),
  opened_at timestamptz not null default now(),
  answered_at timestamptz,
  connected_at timestamptz,
  closed_at timestamptz,
  close_reason text check (char_length(close_reason) <= 200),
  unique (session_id, ordinal),
  unique (session_id, offer_id)
);
create index session_calls_tenant on public.session_calls (tenant_id);
-- One live call a session.
create unique index session_calls_live on public.session_calls (session_id) where closed_at is null;
alter table public.session_calls enable row level security;

create table public.call_leases (
  call_id uuid primary key references public.session_calls (id) on delete cascade,
  holder text not null check (char_length(holder) between 1 and 200),
  -- Rises whenever the holder changes; what an older one still sends is fenced out by it.
  epoch integer not null check (epoch > 0),
  expires_at timestamptz not null,
  released_at timestamptz
);
alter table public.call_leases enable row level security;

revoke all on public.session_calls, public.call_leases from anon, authenticated, service_role;
grant select on public.session_calls to authenticated;
grant select on public.session_calls, public.call_leases to service_role;

create policy "Members see the calls of their tenant" on public.session_calls
  for select to authenticated using (private.is_member(tenant_id));
create policy "Candidates see the calls of their own sessions" on public.session_calls
  for select to authenticated using (private.may_read_session(session_id));
