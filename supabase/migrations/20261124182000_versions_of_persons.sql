-- Every version of a report belongs to its session's tenant, and to the person whom it is about.
alter table public.interview_report_versions
  drop constraint interview_report_versions_session_id_fkey,
  add constraint interview_report_versions_session_fkey foreign key (session_id, tenant_id)
    references public.interview_sessions (id, tenant_id) on delete cascade;

-- As before, and with the versions.
create or replace function private.export_candidate(p_candidate uuid) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_candidate public.candidates;
  v_sessions uuid[];
  v_invitations uuid[];
begin
  select * into v_candidate from public.candidates
  where id = p_candidate and private.is_member(tenant_id, array['owner']);
  if v_candidate.id is null then
    return private.refusal('forbidden');
  end if;
  v_sessions := array(select id from public.interview_sessions where candidate_id = p_candidate);
  v_invitations := array(
    select v.id from public.interview_invitations v
    join public.interview_sessions s on s.invitation_id = v.id
    where s.candidate_id = p_candidate and v.max_uses = 1
  );
  return jsonb_build_object(
    'exported_at', private.iso(now()),
    'candidate', to_jsonb(v_candidate),
    'sessions', (
      select coalesce(jsonb_agg(to_jsonb(s) - 'device_hash' || jsonb_build_object(
        'transcript', private.transcript_rows(s.id),
        'supervision', (select t.reducer from public.session_states t where t.session_id = s.id)
      ) order by s.created_at), '[]')
      from public.interview_sessions s where s.id = any (v_sessions)
    ),
    'invitations', (
      select coalesce(jsonb_agg(to_jsonb(v) - 'token_hash' order by v.created_at), '[]')
      from public.interview_invitations v where v.id = any (v_invitations)
    ),
    'session_calls', (
      select coalesce(jsonb_agg(to_jsonb(c) order by c.opened_at), '[]')
      from public.session_calls c where c.session_id = any (v_sessions)
    ),
    'transcript_entries', (
      select coalesce(jsonb_agg(to_jsonb(e) - 'body_hash' order by e.id), '[]')
      from public.transcript_entries e where e.session_id = any (v_sessions)
    ),
    'transcript_corrections', (
      select coalesce(jsonb_agg(to_jsonb(c) order by c.id), '[]')
      from public.transcript_corrections c where c.session_id = any (v_sessions)
    ),
    'consents', (
      select coalesce(jsonb_agg(to_jsonb(c) order by c.id), '[]')
      from public.consents c where c.session_id = any (v_sessions)
    ),
    'adjustments', (
      select coalesce(jsonb_agg(to_jsonb(a) order by a.id), '[]')
      from public.adjustments a where a.session_id = any (v_sessions) or a.invitation_id = any (v_invitations)
    ),
    'feedback', (
      select coalesce(jsonb_agg(to_jsonb(f) order by f.id), '[]')
      from public.feedback f where f.session_id = any (v_sessions)
    ),
    'integrity_events', (
      select coalesce(jsonb_agg(to_jsonb(i) order by i.id), '[]')
      from public.integrity_events i where i.session_id = any (v_sessions)
    ),
    'interview_reports', (
      select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
      from public.interview_reports r where r.session_id = any (v_sessions)
    ),
    'interview_report_versions', (
      select coalesce(jsonb_agg(to_jsonb(r) order by r.session_id, r.revision), '[]')
      from public.interview_report_versions r where r.session_id = any (v_sessions)
    )
  );
end
$$;
