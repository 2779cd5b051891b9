-- Jobs that failed ten times in a row wait for somebody to look at them: who owns the tenant sees them and may try again.
-- A run that takes long keeps its lock.

create index jobs_dead on public.jobs (tenant_id) where done < wanted and failures >= 10;

-- Keeps a claimed job. {ok: false} when another run holds it by now.
create function public.renew_job(p_job bigint, p_attempt integer, p_seconds integer) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.jobs set locked_until = now() + make_interval(secs => least(greatest(p_seconds, 1), 600))
  where id = p_job and attempts = p_attempt and locked_until is not null;
  return jsonb_build_object('ok', found);
end
$$;

-- How many jobs wait for somebody, of all tenants.
create function public.jobs_dead() returns jsonb
language sql stable security definer set search_path = ''
as $$ select to_jsonb(count(*)) from public.jobs where done < wanted and failures >= 10 $$;

-- Those of a tenant, the newest hundred: [{job_id, kind, session_id, subject, failures, error, due_at, created_at}].
-- Errors: forbidden.
create function private.dead_jobs(p_tenant uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select case when private.is_member(p_tenant, array['owner']) then (
    select coalesce(jsonb_agg(jsonb_build_object(
      'job_id', j.id, 'kind', j.kind, 'session_id', j.session_id, 'subject', j.subject, 'failures', j.failures,
      'error', j.last_error, 'due_at', private.iso(j.run_at), 'created_at', private.iso(j.created_at)
    ) order by j.id desc), '[]')
    from (
      select * from public.jobs
      where tenant_id = p_tenant and done < wanted and failures >= 10
      order by id desc limit 100
    ) j
  ) else private.refusal('forbidden') end
$$;

-- Has a job tried again, at once. Nothing changes for one that is not dead. Errors: forbidden.
create function private.retry_job(p_job bigint) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not exists (
    select from public.jobs where id = p_job and private.is_member(tenant_id, array['owner'])
  ) then
    return private.refusal('forbidden');
  end if;
  update public.jobs set failures = 0, run_at = now() where id = p_job and done < wanted and failures >= 10;
  return jsonb_build_object('ok', found);
end
$$;

create function public.dead_jobs(p_tenant uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.dead_jobs(p_tenant) $$;
create function public.retry_job(p_job bigint) returns jsonb
language sql security invoker set search_path = ''
as $$ select private.retry_job(p_job) $$;

revoke all on function
  public.renew_job(bigint, integer, integer), public.jobs_dead(),
  private.dead_jobs(uuid), private.retry_job(bigint), public.dead_jobs(uuid), public.retry_job(bigint)
from public, anon, authenticated;
grant execute on function public.renew_job(bigint, integer, integer), public.jobs_dead() to service_role;
grant execute on function
  private.dead_jobs(uuid), private.retry_job(bigint), public.dead_jobs(uuid), public.retry_job(bigint)
to authenticated;
