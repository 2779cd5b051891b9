-- One candidate's interview. Its status changes by the functions of later migrations and in no other way.

create table public.interview_sessions (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  interview_id uuid not null references public.interviews (id),
  candidate_id uuid not null references public.candidates (id) on delete cascade,
  invitation_id uuid references public.interview_invitations (id) on delete set null,
  -- The id that the tenant's own backend chose.
  external_id text check (external_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  -- SHA-256 of the device key that may go on with it.
  device_hash text check (device_hash ~ '^[0-9a-f]{64}$'),
  -- Until then another device may still take the invitation over.
  bound_at timestamptz,
  -- A recruiter let the next device in, whichever it is.
  device_open boolean not null default false,
  -- Origins of this session's pages, where the tenant's backend named fewer than the tenant allows.
  origins text[] check (cardinality(origins) <= 64),
  status text not null default 'created' constraint interview_sessions_status_check
    check (status in ('created', 'active', 'ending', 'completed', 'abandoned', 'cancelled')),
  phase text not null default 'opening' constraint interview_sessions_phase_check
    check (phase in ('opening', 'question', 'candidate_qa', 'closing')),
  mode text not null default 'voice' constraint interview_sessions_mode_check
    check (mode in ('voice', 'text')),
  locale text not null,
  end_reason text constraint interview_sessions_end_reason_check
    check (end_reason in (
      'completed', 'candidate_ended', 'time_up', 'withdrawn', 'technical', 'absent', 'abuse', 'staff'
    )),
  created_at timestamptz not null default now(),
  started_at timestamptz,
  deadline_at timestamptz,
  ending_at timestamptz,
  ended_at timestamptz,
  -- What was not held when it completed: [{writer_id, from, to, lost}].
  gaps jsonb not null default '[]' check (jsonb_typeof(gaps) = 'array'),
  unique (tenant_id, external_id),
  check ((status in ('completed', 'abandoned', 'cancelled')) = (ended_at is not null)),
  check (status not in ('active') or started_at is not null)
);
create index interview_sessions_interview on public.interview_sessions (interview_id);
create index interview_sessions_candidate on public.interview_sessions (candidate_id);
create index interview_sessions_open on public.interview_sessions (status, ending_at, deadline_at)
  where status in ('created', 'active', 'ending');
-- A device has one session of an invitation, however often it asks.
create unique index interview_sessions_device on public.interview_sessions (invitation_id, device_hash)
  where status <> 'cancelled';
alter table public.interview_sessions enable row level security;

-- The supervisor's memory. Apart from the session, because nobody but the proxy may read it.
create table public.session_states (
  session_id uuid primary key references public.interview_sessions (id) on delete cascade,
  reducer jsonb not null,
  call_id uuid not null,
  epoch integer not null,
  updated_at timestamptz not null default now()
);
alter table public.session_states enable row level security;

revoke all on public.interview_sessions, public.session_states from anon, authenticated;
grant select on public.interview_sessions to authenticated;
-- Reading only, even for the service: a status that skips its function would skip its job too.
revoke all on public.interview_sessions, public.session_states from service_role;
grant select on public.interview_sessions, public.session_states to service_role;

create policy "Members see the sessions of their tenant" on public.interview_sessions
  for select to authenticated using (private.is_member(tenant_id));
create policy "Candidates see their own sessions" on public.interview_sessions
  for select to authenticated using (private.is_candidate(candidate_id));

-- Whether the signed-in person may read what belongs to a session.
create function private.may_read_session(p_session uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.interview_sessions s
    where s.id = p_session
      and (private.is_member(s.tenant_id) or private.is_candidate(s.candidate_id))
  )
$$;
revoke all on function private.may_read_session(uuid) from public, anon;
grant execute on function private.may_read_session(uuid) to authenticated, service_role;

-- Lets one more device go on with a session, for example after a broken laptop. It is recorded. Errors: forbidden.
create function public.allow_another_device(p_session uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
begin
  update public.interview_sessions
  set device_open = true
  where id = p_session and private.is_member(tenant_id, array['owner', 'recruiter'])
  returning * into v_session;
  if v_session.id is null then
    return private.refusal('forbidden');
  end if;
  insert into public.integrity_events (tenant_id, session_id, kind, detail)
  values (
    v_session.tenant_id, v_session.id, 'device_allowed',
    jsonb_build_object('by', (select auth.uid()))
  );
  return jsonb_build_object('ok', true);
end
$$;
revoke all on function public.allow_another_device(uuid) from public, anon, authenticated;
grant execute on function public.allow_another_device(uuid) to authenticated;
