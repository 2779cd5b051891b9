-- What a report said at any time: each version stands for ever, and `interview_reports` goes on holding the newest.

create table public.interview_report_versions (
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  -- As in interview_reports.
  revision integer not null check (revision > 0),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  report jsonb not null check (report ->> 'schema' = 'interview-report/1'),
  transcript_sha256 text not null check (transcript_sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  primary key (session_id, revision)
);
create index interview_report_versions_tenant on public.interview_report_versions (tenant_id);
alter table public.interview_report_versions enable row level security;

create trigger versions_stand before update on public.interview_report_versions
  for each row execute function private.refuse_change();

revoke all on public.interview_report_versions from anon, authenticated, service_role;
grant select on public.interview_report_versions to authenticated, service_role;

create policy "Members see the versions of their tenant's reports" on public.interview_report_versions
  for select to authenticated using (private.is_member(tenant_id));

-- Earlier versions of these are gone.
insert into public.interview_report_versions (session_id, revision, tenant_id, report, transcript_sha256, created_at)
select session_id, revision, tenant_id, report, transcript_sha256, updated_at from public.interview_reports;

-- Rows that are missing, where they are: behind the utterance that their writer wrote last before them.
create function private.missing_rows(p_session uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'source', case left(a.writer_id, 1) when 's' then 'server' else 'browser' end,
    'rows', a.last - a.first + 1,
    'lost', a.lost,
    'after', (
      select e.entry_id from public.transcript_entries e
      where e.session_id = p_session and e.writer_id = a.writer_id and e.sequence < a.first
        and e.tombstone is null
      order by e.sequence desc limit 1
    )
  ) order by a.writer_id, a.first), '[]')
  from (select * from private.absent_ranges(p_session) limit 1000) a
$$;
revoke all on function private.missing_rows(uuid) from public, anon, authenticated;

-- As before, and with what the page sent of utterances that the server has too, what is missing, and when the calls were.
create or replace function public.report_source(p_session uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'session_id', s.id,
    'end_reason', s.end_reason,
    'started_at', private.iso(s.started_at),
    'ended_at', private.iso(s.ended_at),
    'duration_s', floor(extract(epoch from coalesce(s.ending_at, s.ended_at) - s.started_at)),
    'language', i.language,
    'rows', (select count(*) from public.transcript_entries e where e.session_id = s.id),
    'gaps', (select count(*) from private.absent_ranges(s.id)),
    'missing', private.missing_rows(s.id),
    'calls', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'ordinal', c.ordinal,
        'offset_ms', round(1000 * extract(epoch from c.connected_at - c.first_at))
      ) order by c.ordinal), '[]')
      from (
        select ordinal, connected_at, min(connected_at) over () as first_at
        from public.session_calls where session_id = s.id
      ) c
    ),
    'questions', i.plan -> 'questions',
    'unsupervised_calls', (
      select coalesce(jsonb_agg(c.ordinal order by c.ordinal), '[]')
      from public.session_calls c
      where c.session_id = s.id and c.connected_at is not null
        and exists (
          select from public.integrity_events e where e.call_id = c.id and e.kind = 'unsupervised'
        )
    ),
    'transcript', private.transcript_rows(s.id),
    'browser_copies', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'entry_id', b.entry_id, 'role', b.role, 'text', b.text, 'status', b.status
      ) order by b.ordinal), '[]')
      from public.transcript_of_source(s.id, 'browser') b
      where exists (
        select from public.transcript_entries e
        where e.session_id = s.id and e.entry_id = b.entry_id and e.source = 'server' and e.tombstone is null
      )
    )
  )
  from public.interview_sessions s
  join public.interviews i on i.id = s.interview_id
  where s.id = p_session
$$;

-- Stores a report as the newest and as a version. The same again changes nothing, and so does one made of fewer rows than
-- the newest: a run that was overtaken by another must not undo its work. Where a page contradicts the server an event
-- says so, once for each set of differences and without a word of what was said. → {changed}
create or replace function public.store_report(p_session uuid, p_report jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_former jsonb;
  v_stored public.interview_reports;
  v_differences constant jsonb := jsonb_path_query_array(
    p_report, '$.differences[*] ? (@.kind != "server_only")'
  );
begin
  -- Two runs of a session one after the other: what each compares itself with must stand.
  perform from public.interview_sessions where id = p_session for update;
  select report into v_former from public.interview_reports where session_id = p_session;
  insert into public.interview_reports as r (session_id, tenant_id, report, transcript_sha256)
  select id, tenant_id, p_report, p_report ->> 'transcript_sha256'
  from public.interview_sessions where id = p_session
  on conflict (session_id) do update
  set report = excluded.report, transcript_sha256 = excluded.transcript_sha256,
    revision = r.revision + 1, updated_at = now()
  where r.report is distinct from excluded.report
    and coalesce((r.report ->> 'rows')::bigint, 0) <= coalesce((excluded.report ->> 'rows')::bigint, 0)
  returning * into v_stored;
  if found then
    insert into public.interview_report_versions (session_id, revision, tenant_id, report, transcript_sha256)
    values (p_session, v_stored.revision, v_stored.tenant_id, p_report, v_stored.transcript_sha256);
    if v_differences <> '[]'
      and v_differences <> jsonb_path_query_array(
        coalesce(v_former, '{}'), '$.differences[*] ? (@.kind != "server_only")'
      ) then
      insert into public.integrity_events (tenant_id, session_id, kind, detail)
      select v_stored.tenant_id, p_session, 'copies_differ',
        jsonb_build_object('revision', v_stored.revision) || jsonb_object_agg(d.kind, d.n)
      from (
        select value ->> 'kind' as kind, count(*) as n
        from jsonb_array_elements(v_differences) group by 1
      ) d;
    end if;
  end if;
  perform private.record_gaps(p_session);
  return jsonb_build_object('changed', v_stored.session_id is not null);
end
$$;

-- A report with what an export shows beside it: the newest, or the version p_revision. Null where there is none, or none
-- that the reader may see. → {revision, report, corrections: [{entry_id, text}]}
create function public.report_for_export(p_session uuid, p_revision integer) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'revision', v.revision,
    'report', v.report,
    'corrections', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'entry_id', c.entry_id, 'text', c.text
      ) order by c.entry_id), '[]')
      from (
        select distinct on (entry_id) * from public.transcript_corrections
        where session_id = p_session order by entry_id, id desc
      ) c
    )
  )
  from public.interview_report_versions v
  where v.session_id = p_session and (p_revision is null or v.revision = p_revision)
  order by v.revision desc
  limit 1
$$;
revoke all on function public.report_for_export(uuid, integer) from public, anon, authenticated;
grant execute on function public.report_for_export(uuid, integer) to authenticated, service_role;
