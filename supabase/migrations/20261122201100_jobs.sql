-- Work that is left to be done after a transaction: at most one row a session and kind, however often it is wanted.

create table public.jobs (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  kind text not null constraint jobs_kind_check check (kind in ('process_transcript')),
  -- How often it was wanted, and which of these the last run answered. Rows that come while it runs want it again.
  wanted integer not null default 1,
  done integer not null default 0,
  run_at timestamptz not null default now(),
  locked_until timestamptz,
  -- Rises with each claim, never falls: a run that lost its lock can't finish what a later one holds.
  attempts integer not null default 0,
  failures integer not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  unique (kind, session_id),
  check (done <= wanted)
);
create index jobs_due on public.jobs (run_at) where done < wanted;
create index jobs_tenant on public.jobs (tenant_id);
create index jobs_session on public.jobs (session_id);
alter table public.jobs enable row level security;

revoke all on public.jobs from anon, authenticated, service_role;
-- No policy: nobody reads these but the service, which RLS doesn't bind.
grant select on public.jobs to service_role;

create function private.want_job(p_session uuid, p_kind text) returns void
language sql volatile set search_path = ''
as $$
  insert into public.jobs (tenant_id, session_id, kind)
  select tenant_id, id, p_kind from public.interview_sessions where id = p_session
  on conflict (kind, session_id) do update
  set wanted = public.jobs.wanted + 1, run_at = now(), failures = 0
$$;
revoke all on function private.want_job(uuid, text) from public, anon, authenticated;

-- Takes up to p_n due jobs for p_seconds. A job that failed ten times in a row waits for somebody to look at it.
-- → [{job_id, attempt, wanted, kind, session_id}]
create function public.claim_jobs(p_n integer, p_seconds integer) returns jsonb
language sql volatile security definer set search_path = ''
as $$
  with due as (
    select id from public.jobs
    where done < wanted and run_at <= now() and failures < 10
      and (locked_until is null or locked_until < now())
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
    'job_id', id, 'attempt', attempts, 'wanted', wanted, 'kind', kind, 'session_id', session_id
  ) order by run_at), '[]')
  from taken
$$;
revoke all on function public.claim_jobs(integer, integer) from public, anon, authenticated;
grant execute on function public.claim_jobs(integer, integer) to service_role;

-- Marks what the claim saw as done. {ok: false} when another run holds the job by now.
create function public.finish_job(p_job bigint, p_attempt integer, p_wanted integer) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.jobs
  set done = greatest(done, least(p_wanted, wanted)), locked_until = null, failures = 0, last_error = null
  where id = p_job and attempts = p_attempt and locked_until is not null;
  return jsonb_build_object('ok', found);
end
$$;
revoke all on function public.finish_job(bigint, integer, integer) from public, anon, authenticated;
grant execute on function public.finish_job(bigint, integer, integer) to service_role;

-- Gives a job back, to be tried again after 2, 4, 8 … s, at most an hour.
create function public.fail_job(p_job bigint, p_attempt integer, p_error text) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.jobs
  set locked_until = null, failures = failures + 1, last_error = left(p_error, 500),
    run_at = now() + make_interval(secs => least(power(2, failures + 1), 3600))
  where id = p_job and attempts = p_attempt and locked_until is not null;
  return jsonb_build_object('ok', found);
end
$$;
revoke all on function public.fail_job(bigint, integer, text) from public, anon, authenticated;
grant execute on function public.fail_job(bigint, integer, text) to service_role;

-- How many jobs are due now.
create function public.jobs_remaining() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select to_jsonb(count(*)) from public.jobs
  where done < wanted and run_at <= now() and failures < 10
    and (locked_until is null or locked_until < now())
$$;
revoke all on function public.jobs_remaining() from public, anon, authenticated;
grant execute on function public.jobs_remaining() to service_role;
