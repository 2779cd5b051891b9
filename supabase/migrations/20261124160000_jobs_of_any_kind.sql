-- Jobs of any kind: of a session or of a whole tenant, told apart by their subject where one session has several.

alter table public.jobs
  alter column session_id drop not null,
  add column subject text not null default '' check (char_length(subject) <= 200),
  drop constraint jobs_kind_check,
  add constraint jobs_kind_check check (kind in ('process_transcript', 'deliver_webhook', 'retain')),
  drop constraint jobs_kind_session_id_key,
  add constraint jobs_one_of_each unique nulls not distinct (tenant_id, kind, session_id, subject);

-- Wants a job done at `p_run_at` at the earliest, in the transaction that makes it necessary.
create function private.want_job(
  p_tenant uuid, p_session uuid, p_kind text, p_subject text, p_run_at timestamptz
) returns void
language sql volatile set search_path = ''
as $$
  insert into public.jobs (tenant_id, session_id, kind, subject, run_at)
  values (p_tenant, p_session, p_kind, p_subject, p_run_at)
  on conflict (tenant_id, kind, session_id, subject) do update
  set wanted = public.jobs.wanted + 1, run_at = excluded.run_at, failures = 0
$$;
revoke all on function private.want_job(uuid, uuid, text, text, timestamptz) from public, anon, authenticated;

create or replace function private.want_job(p_session uuid, p_kind text) returns void
language sql volatile set search_path = ''
as $$
  select private.want_job(tenant_id, id, p_kind, '', now())
  from public.interview_sessions where id = p_session
$$;

-- Another signature and not a second one beside it: the API could not tell the two apart.
drop function public.claim_jobs(integer, integer);

-- Takes up to p_n due jobs of some kinds, or of all, for p_seconds. A job that failed ten times in a row waits for
-- somebody to look at it. → [{job_id, attempt, wanted, kind, tenant_id, session_id, subject}]
create function public.claim_jobs(p_n integer, p_seconds integer, p_kinds jsonb default null) returns jsonb
language sql volatile security definer set search_path = ''
as $$
  with due as (
    select id from public.jobs
    where done < wanted and run_at <= now() and failures < 10
      and (locked_until is null or locked_until < now())
      and (p_kinds is null or p_kinds ? kind)
    order by run_at
    limit least(greatest(p_n, 0), 100)
    for update skip locked
  ),
  taken as (
    update public.jobs j
    set locked_until = now() + make_interval(secs => least(greatest(p_seconds, 1), 600)),
      attempts = j.attempts + 1,
      -- A lock that ran out was held by a run that died: that is a failure too.
      failures = j.failures + (j.locked_until is not null)::integer
    from due where j.id = due.id
    returning j.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'job_id', id, 'attempt', attempts, 'wanted', wanted, 'kind', kind, 'tenant_id', tenant_id,
    'session_id', session_id, 'subject', subject
  ) order by run_at), '[]')
  from taken
$$;
revoke all on function public.claim_jobs(integer, integer, jsonb) from public, anon, authenticated;
grant execute on function public.claim_jobs(integer, integer, jsonb) to service_role;
