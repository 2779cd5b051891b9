-- The settled conversation of a session: protocol InterviewReport. It rates nothing.

create table public.interview_reports (
  session_id uuid primary key references public.interview_sessions (id) on delete cascade,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  report jsonb not null check (report ->> 'schema' = 'interview-report/1'),
  transcript_sha256 text not null check (transcript_sha256 ~ '^[0-9a-f]{64}$'),
  -- Rises when late rows changed what it says.
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index interview_reports_tenant on public.interview_reports (tenant_id);
alter table public.interview_reports enable row level security;

revoke all on public.interview_reports from anon, authenticated, service_role;
grant select on public.interview_reports to authenticated, service_role;

create policy "Members see the reports of their tenant" on public.interview_reports
  for select to authenticated using (private.is_member(tenant_id));
