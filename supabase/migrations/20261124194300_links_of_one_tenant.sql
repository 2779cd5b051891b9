-- The last links that could lead to another tenant, and ends that nobody gave a reason for.
alter table public.adjustments
  drop constraint adjustments_invitation_id_fkey,
  add constraint adjustments_invitation_fkey foreign key (invitation_id, tenant_id)
    references public.interview_invitations (id, tenant_id) on delete cascade,
  drop constraint adjustments_session_id_fkey,
  add constraint adjustments_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade;
alter table public.jobs
  drop constraint jobs_session_id_fkey,
  add constraint jobs_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade;

-- A cancelled one was taken over by another device, which says why in its events.
alter table public.interview_sessions
  add constraint interview_sessions_why check (status not in ('completed', 'abandoned') or end_reason is not null);
