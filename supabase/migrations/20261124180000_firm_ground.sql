-- What the functions take care of, the tables now insist on: nothing of one tenant hangs on another's, an interview
-- goes from state to state as it may, and what recruiters call runs with their own rights up to one checked step.

-- A row and what it belongs to have one tenant. The pairs are unique already, since the id alone is.
alter table public.interviews add constraint interviews_of_tenant unique (id, tenant_id);
alter table public.candidates add constraint candidates_of_tenant unique (id, tenant_id);
alter table public.interview_invitations add constraint interview_invitations_of_tenant unique (id, tenant_id);
alter table public.interview_sessions add constraint interview_sessions_of_tenant unique (id, tenant_id);
alter table public.session_calls add constraint session_calls_of_session unique (id, session_id);

alter table public.tenants
  drop constraint tenants_default_interview_fkey,
  add constraint tenants_default_interview_fkey_of_tenant foreign key (default_interview_id, id)
    references public.interviews (id, tenant_id) on delete set null (default_interview_id);
alter table public.interview_invitations
  drop constraint interview_invitations_interview_id_fkey,
  add constraint interview_invitations_interview_fkey foreign key (interview_id, tenant_id)
    references public.interviews (id, tenant_id) on delete cascade;
alter table public.interview_sessions
  drop constraint interview_sessions_interview_id_fkey,
  add constraint interview_sessions_interview_fkey foreign key (interview_id, tenant_id)
    references public.interviews (id, tenant_id),
  drop constraint interview_sessions_candidate_id_fkey,
  add constraint interview_sessions_candidate_fkey foreign key (candidate_id, tenant_id)
    references public.candidates (id, tenant_id) on delete cascade,
  drop constraint interview_sessions_invitation_id_fkey,
  add constraint interview_sessions_invitation_fkey foreign key (invitation_id, tenant_id)
    references public.interview_invitations (id, tenant_id) on delete set null (invitation_id);
alter table public.session_calls
  drop constraint session_calls_session_id_fkey,
  add constraint session_calls_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade;
-- Entries hang on their writer, which hangs on the session; here only the tenant is checked, in place of a check that
-- such a tenant exists.
alter table public.transcript_entries
  drop constraint transcript_entries_tenant_id_fkey,
  add constraint transcript_entries_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade,
  drop constraint transcript_entries_call_id_fkey,
  add constraint transcript_entries_call_fkey foreign key (call_id, session_id)
    references public.session_calls (id, session_id) on delete cascade;
alter table public.consents
  drop constraint consents_session_id_fkey,
  add constraint consents_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade,
  drop constraint consents_candidate_id_fkey,
  add constraint consents_candidate_fkey foreign key (candidate_id, tenant_id)
    references public.candidates (id, tenant_id) on delete cascade;
alter table public.integrity_events
  drop constraint integrity_events_session_id_fkey,
  add constraint integrity_events_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade,
  drop constraint integrity_events_call_id_fkey,
  add constraint integrity_events_call_fkey foreign key (call_id, session_id)
    references public.session_calls (id, session_id) on delete cascade;
alter table public.interview_reports
  drop constraint interview_reports_session_id_fkey,
  add constraint interview_reports_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade;
alter table public.transcript_corrections
  drop constraint transcript_corrections_session_id_fkey,
  add constraint transcript_corrections_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade;
alter table public.feedback
  drop constraint feedback_session_id_fkey,
  add constraint feedback_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade;

-- Redeeming counts an invitation's sessions of every status, and the desk lists a tenant's newest ones.
create index interview_sessions_invitation on public.interview_sessions (invitation_id);
create index interview_sessions_newest on public.interview_sessions (tenant_id, created_at desc);

alter table public.interview_sessions
  add constraint interview_sessions_ending check (status <> 'ending' or ending_at is not null),
  add constraint interview_sessions_deadline check (deadline_at is null or deadline_at >= started_at);

-- created → active → ending → completed or abandoned; what never began is cancelled or abandoned. Nothing comes back.
create function private.keep_order_of_states() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if not (case old.status
    when 'created' then new.status in ('active', 'ending', 'completed', 'abandoned', 'cancelled')
    when 'active' then new.status in ('ending', 'completed', 'abandoned', 'cancelled')
    when 'ending' then new.status in ('completed', 'abandoned')
    else false
  end) then
    raise exception 'A session that is % does not become %.', old.status, new.status
      using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
revoke all on function private.keep_order_of_states() from public, anon, authenticated;
create trigger sessions_go_forward before update of status on public.interview_sessions
  for each row when (old.status <> new.status) execute function private.keep_order_of_states();

-- What a recruiter calls over the API has the recruiter's own rights (Supabase's linter, 0029); the step that needs
-- more lies behind it, where the API does not reach, and asks who calls.
alter function public.create_invitation(uuid, integer, integer, text, integer) set schema private;
alter function public.revoke_invitation(uuid) set schema private;
alter function public.allow_another_device(uuid) set schema private;

create function public.create_invitation(
  p_interview uuid,
  p_expires_in_s integer default 1209600,
  p_max_uses integer default 1,
  p_note text default null,
  p_max_minutes integer default null
) returns jsonb
language sql security invoker set search_path = ''
as $$ select private.create_invitation(p_interview, p_expires_in_s, p_max_uses, p_note, p_max_minutes) $$;
create function public.revoke_invitation(p_invitation uuid) returns jsonb
language sql security invoker set search_path = ''
as $$ select private.revoke_invitation(p_invitation) $$;
create function public.allow_another_device(p_session uuid) returns jsonb
language sql security invoker set search_path = ''
as $$ select private.allow_another_device(p_session) $$;
revoke all on function public.create_invitation(uuid, integer, integer, text, integer),
  public.revoke_invitation(uuid), public.allow_another_device(uuid) from public, anon, authenticated;
grant execute on function public.create_invitation(uuid, integer, integer, text, integer),
  public.revoke_invitation(uuid), public.allow_another_device(uuid) to authenticated;
