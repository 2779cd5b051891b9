-- What is kept of people: for how long, what must stay, and how one person is forgotten or given all that is theirs.

-- How many days a tenant keeps a class of data, counted from the end of the interview. No row: until it is erased.
create table public.retention_periods (
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  -- transcript: words as they came; report: settled conversations and feedback; integrity: what happened in a session;
  -- record: the session itself with its consents, and its candidate with the last one.
  class text not null constraint retention_periods_class_check
    check (class in ('transcript', 'report', 'integrity', 'record')),
  days integer not null check (days between 2 and 3660),
  set_at timestamptz not null default now(),
  primary key (tenant_id, class),
  -- Logs of a system that helps to recruit are kept for six months at least (EU AI Act, Articles 19 and 26).
  check (class not in ('integrity', 'record') or days >= 184)
);
alter table public.retention_periods enable row level security;

-- While one stands, nothing of the candidate is deleted.
create table public.legal_holds (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  candidate_id uuid not null references public.candidates (id) on delete cascade,
  reason text not null check (char_length(reason) between 1 and 500),
  placed_at timestamptz not null default now(),
  released_at timestamptz
);
create index legal_holds_tenant on public.legal_holds (tenant_id);
create index legal_holds_candidate on public.legal_holds (candidate_id);
alter table public.legal_holds enable row level security;

-- That somebody was forgotten, and nothing of whom.
create table public.erasures (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  sessions integer not null,
  erased_by uuid references auth.users (id) on delete set null,
  erased_at timestamptz not null default now()
);
create index erasures_tenant on public.erasures (tenant_id);
alter table public.erasures enable row level security;

revoke all on public.retention_periods, public.legal_holds, public.erasures from anon, authenticated, service_role;
grant select on public.retention_periods, public.legal_holds, public.erasures to authenticated, service_role;

create policy "Members see how long their tenant keeps data" on public.retention_periods
  for select to authenticated using (private.is_member(tenant_id));
create policy "Owners see the holds of their tenant" on public.legal_holds
  for select to authenticated using (private.is_member(tenant_id, array['owner']));
create policy "Owners see what their tenant erased" on public.erasures
  for select to authenticated using (private.is_member(tenant_id, array['owner']));

create function private.is_held(p_candidate uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (select from public.legal_holds where candidate_id = p_candidate and released_at is null)
$$;

-- Sets how long a class is kept; null keeps it. Deleting begins with the next tick. Errors: forbidden, bad_request.
create function private.set_retention(p_tenant uuid, p_class text, p_days integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.is_member(p_tenant, array['owner']) then
    return private.refusal('forbidden');
  end if;
  if p_days is null then
    delete from public.retention_periods where tenant_id = p_tenant and class = p_class;
  else
    insert into public.retention_periods (tenant_id, class, days) values (p_tenant, p_class, p_days)
    on conflict (tenant_id, class) do update set days = excluded.days, set_at = now();
    perform private.want_job(p_tenant, null, 'retain', p_class, now());
  end if;
  return jsonb_build_object('ok', true);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- Holds all that is about a candidate: {id}. Errors: forbidden, bad_request.
create function private.place_hold(p_candidate uuid, p_reason text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_id uuid;
begin
  -- Locked, so that it stands before an erasure or after it.
  perform from public.candidates where id = p_candidate for update;
  insert into public.legal_holds (tenant_id, candidate_id, reason)
  select tenant_id, id, p_reason from public.candidates
  where id = p_candidate and private.is_member(tenant_id, array['owner'])
  returning id into v_id;
  if v_id is null then
    return private.refusal('forbidden');
  end if;
  return jsonb_build_object('id', v_id);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;

-- Ends a hold. Errors: forbidden.
create function private.release_hold(p_hold uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.legal_holds set released_at = coalesce(released_at, now())
  where id = p_hold and private.is_member(tenant_id, array['owner']);
  if not found then
    return private.refusal('forbidden');
  end if;
  return jsonb_build_object('ok', true);
end
$$;

-- Deletes a candidate with all that hangs on it, and what only their own invitations hold. The row must be locked.
create function private.forget_candidate(p_candidate uuid) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  -- Those that nobody else ever used: their note and what was asked of them before the start are about the same person.
  v_invitations constant uuid[] := array(
    select v.id from public.interview_sessions mine
    join public.interview_invitations v on v.id = mine.invitation_id and v.max_uses = 1
    join public.interview_sessions s on s.invitation_id = v.id
    where mine.candidate_id = p_candidate
    group by v.id
    having bool_and(s.candidate_id = p_candidate)
  );
begin
  delete from public.candidates where id = p_candidate;
  delete from public.interview_invitations where id = any (v_invitations);
end
$$;

-- Forgets a person: {erased, session_ids, call_ids, user_id}. By the ids logs are deleted; the account, where there was
-- one, belongs to the project and is deleted over its Auth API. {erased: false} while a hold stands. Errors: forbidden.
create function private.erase_candidate(p_candidate uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_candidate public.candidates;
  v_result jsonb;
begin
  select * into v_candidate from public.candidates
  where id = p_candidate and private.is_member(tenant_id, array['owner']) for update;
  if v_candidate.id is null then
    return private.refusal('forbidden');
  end if;
  if private.is_held(p_candidate) then
    return jsonb_build_object('erased', false);
  end if;
  -- Locked, so that what a proxy or a page is just writing is there or refused, and nothing in between.
  perform from public.interview_sessions where candidate_id = p_candidate order by id for update;
  select jsonb_build_object(
    'erased', true, 'user_id', v_candidate.user_id,
    'session_ids', coalesce((
      select jsonb_agg(s.id) from public.interview_sessions s where s.candidate_id = p_candidate
    ), '[]'),
    'call_ids', coalesce((
      select jsonb_agg(c.id) from public.session_calls c
      join public.interview_sessions s on s.id = c.session_id where s.candidate_id = p_candidate
    ), '[]')
  ) into v_result;
  perform private.forget_candidate(p_candidate);
  insert into public.erasures (tenant_id, sessions, erased_by)
  values (v_candidate.tenant_id, jsonb_array_length(v_result -> 'session_ids'), (select auth.uid()));
  return v_result;
end
$$;

-- All that is stored about a person, as one document: a list of rows for each table. Device keys'
-- hashes are left out, and the plan, which is the tenant's. Errors: forbidden.
create function private.export_candidate(p_candidate uuid) returns jsonb
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
    )
  );
end
$$;

-- Deletes one class of one session.
create function private.delete_class(p_session uuid, p_class text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  if p_class = 'transcript' then
    -- What was settled stands: nothing is settled anew from rows that are gone.
    delete from public.jobs where session_id = p_session and kind = 'process_transcript';
    delete from public.transcript_writers where session_id = p_session;
    delete from public.transcript_corrections where session_id = p_session;
    delete from public.session_states where session_id = p_session;
    delete from public.call_commands where session_id = p_session;
  elsif p_class = 'report' then
    delete from public.interview_reports where session_id = p_session;
    delete from public.feedback where session_id = p_session;
    -- Earlier versions, in databases that keep them.
    if to_regclass('public.interview_report_versions') is not null then
      execute 'delete from public.interview_report_versions where session_id = $1' using p_session;
    end if;
  else
    delete from public.integrity_events where session_id = p_session;
  end if;
end
$$;

-- Whether a session still has something of a class.
create function private.has_class(p_session uuid, p_class text) returns boolean
language sql stable set search_path = ''
as $$
  select case p_class
    when 'transcript' then exists (select from public.transcript_writers where session_id = p_session)
      or exists (select from public.session_states where session_id = p_session)
      or exists (select from public.call_commands where session_id = p_session)
    when 'report' then exists (select from public.interview_reports where session_id = p_session)
      or exists (select from public.feedback where session_id = p_session)
    when 'integrity' then exists (select from public.integrity_events where session_id = p_session)
    else true
  end
$$;

-- Deletes what a tenant no longer keeps of a class, of a hundred sessions at a time, and wants itself again: at once where
-- more is left, else after a day. A hold wins. → {sessions}
create function public.retain(p_tenant uuid, p_class text) returns jsonb
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

create function public.set_retention(p_tenant uuid, p_class text, p_days integer) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.set_retention(p_tenant, p_class, p_days) $$;
create function public.place_hold(p_candidate uuid, p_reason text) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.place_hold(p_candidate, p_reason) $$;
create function public.release_hold(p_hold uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.release_hold(p_hold) $$;
create function public.erase_candidate(p_candidate uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.erase_candidate(p_candidate) $$;
create function public.export_candidate(p_candidate uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.export_candidate(p_candidate) $$;

revoke all on function
  private.is_held(uuid), private.forget_candidate(uuid),
  private.delete_class(uuid, text), private.has_class(uuid, text), public.retain(uuid, text),
  private.set_retention(uuid, text, integer), public.set_retention(uuid, text, integer),
  private.place_hold(uuid, text), public.place_hold(uuid, text),
  private.release_hold(uuid), public.release_hold(uuid),
  private.erase_candidate(uuid), public.erase_candidate(uuid),
  private.export_candidate(uuid), public.export_candidate(uuid)
from public, anon, authenticated;
grant execute on function public.retain(uuid, text) to service_role;
grant execute on function
  private.set_retention(uuid, text, integer), public.set_retention(uuid, text, integer),
  private.place_hold(uuid, text), public.place_hold(uuid, text),
  private.release_hold(uuid), public.release_hold(uuid),
  private.erase_candidate(uuid), public.erase_candidate(uuid),
  private.export_candidate(uuid), public.export_candidate(uuid)
to authenticated;
