-- What candidates asked for: more time, another format, a person. Who rates never sees these.

create table public.adjustments (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  invitation_id uuid not null references public.interview_invitations (id) on delete cascade,
  -- Where the interview had begun already.
  session_id uuid references public.interview_sessions (id) on delete set null,
  kind text not null constraint adjustments_kind_check check (kind in ('adjustment', 'human')),
  note text not null check (char_length(note) <= 2000),
  asked_at timestamptz not null default now()
);
create index adjustments_tenant on public.adjustments (tenant_id);
create index adjustments_invitation on public.adjustments (invitation_id);
alter table public.adjustments enable row level security;

revoke all on public.adjustments from anon, authenticated, service_role;
grant select on public.adjustments to authenticated, service_role;

create policy "Owners and recruiters see what candidates asked for" on public.adjustments
  for select to authenticated using (private.is_member(tenant_id, array['owner', 'recruiter']));
