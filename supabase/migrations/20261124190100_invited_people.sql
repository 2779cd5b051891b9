-- Invitations name whom they are for, are sent again under a new secret, and what they know of somebody is forgotten
-- and given out with the rest.

alter table public.interview_invitations
  -- The id that the tenant's own backend uses.
  add column external_id text check (external_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  add column candidate_name text check (char_length(candidate_name) between 1 and 200),
  add column candidate_email text check (
    char_length(candidate_email) <= 320 and candidate_email ~ '^[^\s@]+@[^\s@]+$'
  ),
  add column revoked_by uuid references auth.users (id) on delete set null,
  -- When it last got a new secret, from whom, and how often; null where a backend asked for it.
  add column resent_at timestamptz,
  add column resent_by uuid references auth.users (id) on delete set null,
  add column resends integer not null default 0,
  add constraint interview_invitations_external_id unique (tenant_id, external_id),
  -- A link for several people is nobody's.
  add constraint interview_invitations_person check (
    max_uses = 1 or (candidate_name is null and candidate_email is null)
  );
-- Who is forgotten may have been invited more than once.
create index interview_invitations_email on public.interview_invitations (tenant_id, lower(candidate_email))
  where candidate_email is not null;
-- The desk lists the newest.
create index interview_invitations_newest on public.interview_invitations (tenant_id, created_at desc);

-- Whoever comes by an invitation of their own is called by its name.
create function private.name_candidate() returns trigger
language plpgsql set search_path = ''
as $$
begin
  update public.candidates c
  set name = coalesce(c.name, v.candidate_name), email = coalesce(c.email, v.candidate_email)
  from public.interview_invitations v
  where c.id = new.candidate_id and v.id = new.invitation_id
    and (v.candidate_name is not null or v.candidate_email is not null);
  return null;
end
$$;
create trigger name_candidate after insert on public.interview_sessions
  for each row when (new.invitation_id is not null) execute function private.name_candidate();

-- Writes an invitation down, with the token that only its hash is kept of. Errors: bad_request {field}.
create function private.write_invitation(
  p_interview public.interviews, p_expires_in_s integer, p_max_uses integer, p_note text, p_max_minutes integer,
  p_name text, p_email text, p_external_id text
) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_token text := 'inv_' || private.random_token();
  v_row public.interview_invitations;
  v_field text := case
    when p_expires_in_s is null or p_expires_in_s not between 60 and 31536000 then 'expires_in_s'
    when p_max_uses is null or p_max_uses not between 1 and 1000 then 'max_uses'
    when p_max_minutes not between 1 and 1000000 then 'max_minutes'
    when char_length(p_note) > 500 then 'note'
    when char_length(p_name) not between 1 and 200 or (p_name is not null and p_max_uses > 1) then 'name'
    when char_length(p_email) > 320 or p_email !~ '^[^\s@]+@[^\s@]+$'
      or (p_email is not null and p_max_uses > 1) then 'email'
  end;
begin
  if v_field is not null then
    return private.refusal('bad_request') || jsonb_build_object('field', v_field);
  end if;
  insert into public.interview_invitations (
    tenant_id, interview_id, token_hash, expires_at, max_uses, note, max_minutes, candidate_name, candidate_email,
    external_id, created_by
  )
  values (
    p_interview.tenant_id, p_interview.id, private.sha256_hex(v_token), now() + make_interval(secs => p_expires_in_s),
    p_max_uses, p_note, p_max_minutes, p_name, p_email, p_external_id, (select auth.uid())
  )
  returning * into v_row;
  return jsonb_build_object('id', v_row.id, 'token', v_token, 'expires_at', private.iso(v_row.expires_at));
end
$$;

drop function public.create_invitation(uuid, integer, integer, text, integer);
drop function private.create_invitation(uuid, integer, integer, text, integer);

-- Makes an invitation. The token is in the reply and nowhere else. Errors: forbidden (no such interview, or not the
-- caller's), unsupported (archived), bad_request {field}.
create function private.create_invitation(
  p_interview uuid, p_expires_in_s integer, p_max_uses integer, p_note text, p_max_minutes integer,
  p_name text, p_email text
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_interview public.interviews;
begin
  select * into v_interview from public.interviews
  where id = p_interview and private.is_member(tenant_id, array['owner', 'recruiter']);
  if v_interview.id is null then
    return private.refusal('forbidden');
  elsif v_interview.archived_at is not null then
    return private.refusal('unsupported');
  end if;
  return private.write_invitation(
    v_interview, p_expires_in_s, p_max_uses, p_note, p_max_minutes, p_name, p_email, null
  );
end
$$;

-- Takes an invitation back. What it began can't go on either. Errors: forbidden.
create or replace function private.revoke_invitation(p_invitation uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.interview_invitations
  set revoked_at = coalesce(revoked_at, now()),
    revoked_by = case when revoked_at is null then (select auth.uid()) else revoked_by end
  where id = p_invitation and private.is_member(tenant_id, array['owner', 'recruiter']);
  if not found then
    return private.refusal('forbidden');
  end if;
  return jsonb_build_object('ok', true);
end
$$;

-- Gives an invitation a new token and a new term: {id, token, expires_at}. From then on the former token is unknown.
-- An interview that was begun with it goes on with the new one, on whatever device that is opened first. The row must be
-- locked. Errors: invitation_revoked, _completed, invitation_in_use (somebody is in the midst of one of several uses).
create function private.renew_token(p_invitation public.interview_invitations, p_expires_in_s integer) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  v_token text := 'inv_' || private.random_token();
  v_session uuid;
  v_expires timestamptz := now() + make_interval(secs => p_expires_in_s);
begin
  perform from public.interview_sessions where invitation_id = p_invitation.id order by id for update;
  if p_expires_in_s is null or p_expires_in_s not between 60 and 31536000 then
    return private.refusal('bad_request') || '{"field": "expires_in_s"}';
  elsif p_invitation.revoked_at is not null then
    return private.refusal('invitation_revoked');
  elsif p_invitation.max_uses > 1 and exists (
    select from public.interview_sessions where invitation_id = p_invitation.id and ended_at is null
  ) then
    return private.refusal('invitation_in_use');
  elsif p_invitation.uses >= p_invitation.max_uses and not exists (
    select from public.interview_sessions where invitation_id = p_invitation.id and ended_at is null
  ) then
    return private.refusal('invitation_completed');
  end if;
  for v_session in
    update public.interview_sessions set device_open = true
    where invitation_id = p_invitation.id and ended_at is null returning id
  loop
    insert into public.integrity_events (tenant_id, session_id, kind, detail)
    values (
      p_invitation.tenant_id, v_session, 'device_allowed',
      jsonb_build_object('by', (select auth.uid()), 'resent', true)
    );
  end loop;
  update public.interview_invitations
  set token_hash = private.sha256_hex(v_token), expires_at = v_expires, resent_at = now(),
    resent_by = (select auth.uid()), resends = resends + 1
  where id = p_invitation.id;
  return jsonb_build_object('id', p_invitation.id, 'token', v_token, 'expires_at', private.iso(v_expires));
end
$$;

-- For whoever lost their link, or let it expire. Errors: forbidden, and those of renew_token.
create function private.resend_invitation(p_invitation uuid, p_expires_in_s integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_invitation public.interview_invitations;
begin
  select * into v_invitation from public.interview_invitations
  where id = p_invitation and private.is_member(tenant_id, array['owner', 'recruiter']) for update;
  if v_invitation.id is null then
    return private.refusal('forbidden');
  end if;
  return private.renew_token(v_invitation, p_expires_in_s);
end
$$;

-- Whether somebody to whose address it went must not be forgotten.
create function private.is_held_invitation(p_invitation public.interview_invitations) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.candidates c
    where c.tenant_id = p_invitation.tenant_id and lower(c.email) = lower(p_invitation.candidate_email)
      and private.is_held(c.id)
  )
$$;

-- Forgets somebody who was invited and never came: {erased}, false while a hold stands. Whoever came is forgotten by erase_candidate.
-- Errors: forbidden.
create function private.erase_invitation(p_invitation uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_invitation public.interview_invitations;
begin
  select * into v_invitation from public.interview_invitations
  where id = p_invitation and private.is_member(tenant_id, array['owner']) for update;
  if v_invitation.id is null then
    return private.refusal('forbidden');
  elsif private.is_held_invitation(v_invitation)
    or exists (select from public.interview_sessions where invitation_id = p_invitation) then
    return jsonb_build_object('erased', false);
  end if;
  delete from public.interview_invitations where id = p_invitation;
  insert into public.erasures (tenant_id, sessions, erased_by)
  values (v_invitation.tenant_id, 0, (select auth.uid()));
  return jsonb_build_object('erased', true);
end
$$;

-- Invitations that are about nobody but this person: those that only they used, and unused ones to their address.
create function private.invitations_of(p_candidate uuid) returns uuid[]
language sql stable set search_path = ''
as $$
  select array(
    select v.id from public.interview_sessions mine
    join public.interview_invitations v on v.id = mine.invitation_id and v.max_uses = 1
    join public.interview_sessions s on s.invitation_id = v.id
    where mine.candidate_id = p_candidate
    group by v.id
    having bool_and(s.candidate_id = p_candidate)
    union
    select v.id from public.candidates c
    join public.interview_invitations v
      on v.tenant_id = c.tenant_id and lower(v.candidate_email) = lower(c.email)
    where c.id = p_candidate
      and not exists (select from public.interview_sessions s where s.invitation_id = v.id)
  )
$$;

-- As before, and with the invitations that this person never used.
create or replace function private.forget_candidate(p_candidate uuid) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_invitations constant uuid[] := private.invitations_of(p_candidate);
begin
  delete from public.candidates where id = p_candidate;
  delete from public.interview_invitations where id = any (v_invitations);
end
$$;

-- As before, and with the invitations that this person never used.
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
  v_invitations := private.invitations_of(p_candidate);
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

-- Deletes what a tenant no longer keeps of a class, of a hundred sessions at a time, and wants itself again: at once where
-- more is left, else after a day. A hold wins. Of whoever was invited and never came the record is the invitation, whose
-- clock runs from its last day. → {sessions}
create or replace function public.retain(p_tenant uuid, p_class text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_days constant integer := (
    select days from public.retention_periods where tenant_id = p_tenant and class = p_class
  );
  v_session record;
  v_sessions integer := 0;
begin
  if v_days is null then
    return jsonb_build_object('sessions', 0);
  end if;
  for v_session in
    select s.id, s.candidate_id from public.interview_sessions s
    where s.tenant_id = p_tenant and s.ended_at < now() - make_interval(days => v_days)
      and not private.is_held(s.candidate_id) and private.has_class(s.id, p_class)
    order by s.ended_at
    limit 100
    for update skip locked
  loop
    v_sessions := v_sessions + 1;
    if p_class <> 'record' then
      perform private.delete_class(v_session.id, p_class);
    elsif exists (
      select from public.interview_sessions where candidate_id = v_session.candidate_id and id <> v_session.id
    ) then
      delete from public.interview_sessions where id = v_session.id;
    else
      perform private.forget_candidate(v_session.candidate_id);
    end if;
  end loop;
  if p_class = 'record' then
    delete from public.interview_invitations v
    where v.tenant_id = p_tenant and v.expires_at < now() - make_interval(days => v_days)
      and not private.is_held_invitation(v)
      and not exists (select from public.interview_sessions s where s.invitation_id = v.id);
  end if;
  perform private.want_job(p_tenant, null, 'retain', p_class,
    now() + case when v_sessions = 100 then interval '0' else interval '1 day' end);
  -- Of deliveries that came to an end nobody needs to know for ever.
  delete from public.webhook_deliveries
  where tenant_id = p_tenant and status <> 'waiting' and created_at < now() - interval '30 days';
  delete from public.jobs
  where tenant_id = p_tenant and kind = 'deliver_webhook' and done = wanted and run_at < now() - interval '30 days';
  return jsonb_build_object('sessions', v_sessions);
end
$$;

create function public.create_invitation(
  p_interview uuid,
  p_expires_in_s integer default 1209600,
  p_max_uses integer default 1,
  p_note text default null,
  p_max_minutes integer default null,
  p_name text default null,
  p_email text default null
) returns jsonb
language sql volatile security invoker set search_path = ''
as $$
  select private.create_invitation(
    p_interview, p_expires_in_s, p_max_uses, p_note, p_max_minutes, p_name, p_email
  )
$$;
create function public.resend_invitation(p_invitation uuid, p_expires_in_s integer default 1209600) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.resend_invitation(p_invitation, p_expires_in_s) $$;
create function public.erase_invitation(p_invitation uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.erase_invitation(p_invitation) $$;

revoke all on function
  private.name_candidate(), private.invitations_of(uuid),
  private.is_held_invitation(public.interview_invitations),
  private.write_invitation(public.interviews, integer, integer, text, integer, text, text, text),
  private.renew_token(public.interview_invitations, integer),
  private.create_invitation(uuid, integer, integer, text, integer, text, text),
  public.create_invitation(uuid, integer, integer, text, integer, text, text),
  private.resend_invitation(uuid, integer), public.resend_invitation(uuid, integer),
  private.erase_invitation(uuid), public.erase_invitation(uuid)
from public, anon, authenticated;
grant execute on function
  private.create_invitation(uuid, integer, integer, text, integer, text, text),
  public.create_invitation(uuid, integer, integer, text, integer, text, text),
  private.resend_invitation(uuid, integer), public.resend_invitation(uuid, integer),
  private.erase_invitation(uuid), public.erase_invitation(uuid)
to authenticated;
