-- Plans as recruiters keep them: numbered versions, a rubric beside the questions, and what was used stands.

alter table public.interviews
  -- All versions of one plan share it.
  add column series_id uuid not null default gen_random_uuid(),
  add column version integer not null default 1 check (version between 1 and 100000),
  -- What it was made of: its former version, or what was duplicated.
  add column copied_from uuid,
  -- Counts saves, so that of two who edit at once the later one is told.
  add column edits integer not null default 0,
  -- What answers are rated by: protocol Rubric. Apart from the plan, whose words reach the candidate's browser.
  add column rubric jsonb check (
    rubric is null or coalesce(jsonb_typeof(rubric -> 'competencies') = 'array', false)
  ),
  add column rubric_approved_by uuid references auth.users (id) on delete set null,
  add column rubric_approved_at timestamptz,
  -- Not offered any more; links that were sent still open it.
  add column archived_at timestamptz,
  add constraint interviews_version unique (series_id, version),
  add constraint interviews_approved_rubric check (rubric_approved_at is null or rubric is not null),
  add constraint interviews_copied_from_fkey foreign key (copied_from, tenant_id)
    references public.interviews (id, tenant_id) on delete set null (copied_from);
create index interviews_copied_from on public.interviews (copied_from);

-- Two candidates of one interview must have been asked the same and are rated by the same: a change is a new version.
create or replace function private.keep_used_plan() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if old.used_at is not null and (
    new.plan is distinct from old.plan
    or new.rubric is distinct from old.rubric
    or new.language is distinct from old.language
    or new.duration_s is distinct from old.duration_s
    or new.tenant_id is distinct from old.tenant_id
    or new.series_id is distinct from old.series_id
    or new.version is distinct from old.version
    -- What it was copied from may be deleted where nobody used it, and so may the approver's account.
    or (new.copied_from is not null and new.copied_from is distinct from old.copied_from)
    or (old.rubric_approved_at is not null and new.rubric_approved_at is distinct from old.rubric_approved_at)
    or new.used_at is distinct from old.used_at
  ) then
    raise exception 'interview % is in use, so its plan stands: copy it to change it', old.id
      using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;

-- Whoever was asked may want to know by what plan, for as long as there is such a tenant.
create function private.refuse_delete_of_used_plan() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if exists (select from public.tenants where id = old.tenant_id) then
    raise exception 'interview % is in use, so it stays: archive it', old.id using errcode = 'restrict_violation';
  end if;
  return old;
end
$$;
create trigger used_plans_stay before delete on public.interviews
  for each row when (old.used_at is not null) execute function private.refuse_delete_of_used_plan();

-- What a definition may hold: protocol InterviewDefinition says the same, and more of what makes a good one.

create function private.is_text(p_value jsonb, p_max integer, p_pattern text default null) returns boolean
language sql immutable parallel safe set search_path = ''
as $$
  select case when jsonb_typeof(p_value) = 'string' then
    char_length(p_value #>> '{}') between 1 and p_max
    and coalesce(p_value #>> '{}' ~ p_pattern, true)
  else false end
$$;

create function private.is_integer(p_value jsonb, p_min integer, p_max integer) returns boolean
language sql immutable parallel safe set search_path = ''
as $$
  select case when jsonb_typeof(p_value) = 'number' then
    (p_value #>> '{}')::numeric = trunc((p_value #>> '{}')::numeric)
    and (p_value #>> '{}')::numeric between p_min and p_max
  else false end
$$;

-- Whether it is a list of so many values; where a key is given, of objects in which it is unique.
create function private.is_list(p_value jsonb, p_min integer, p_max integer, p_key text default null) returns boolean
language sql immutable parallel safe set search_path = ''
as $$
  select case when jsonb_typeof(p_value) = 'array' then
    jsonb_array_length(p_value) between p_min and p_max
    and (p_key is null or (
      select count(*) = count(distinct item ->> p_key) from jsonb_array_elements(p_value) item
    ))
  else false end
$$;

-- Whether it is an object without other keys than these.
create function private.has_only(p_value jsonb, p_keys text[]) returns boolean
language sql immutable parallel safe set search_path = ''
as $$ select case when jsonb_typeof(p_value) = 'object' then p_value - p_keys = '{}' else false end $$;

create function private.question_problem(p_question jsonb) returns text
language sql immutable parallel safe set search_path = ''
as $$
  select case
    when not private.has_only(p_question, array['id', 'text', 'simpler_text', 'max_probes', 'budget_s']) then ''
    when not private.is_text(p_question -> 'id', 32, '^[a-z][a-z0-9_]{0,31}$') then '.id'
    when not private.is_text(p_question -> 'text', 2000) then '.text'
    when p_question ? 'simpler_text' and not private.is_text(p_question -> 'simpler_text', 2000) then '.simpler_text'
    when p_question ? 'max_probes' and not private.is_integer(p_question -> 'max_probes', 0, 5) then '.max_probes'
    when p_question ? 'budget_s' and not private.is_integer(p_question -> 'budget_s', 10, 14400) then '.budget_s'
  end
$$;

create function private.fact_problem(p_fact jsonb) returns text
language sql immutable parallel safe set search_path = ''
as $$
  select case
    when not private.has_only(p_fact, array['id', 'topic', 'text']) then ''
    when not private.is_text(p_fact -> 'id', 2000) then '.id'
    when not private.is_text(p_fact -> 'topic', 2000) then '.topic'
    when not private.is_text(p_fact -> 'text', 2000) then '.text'
  end
$$;

create function private.consent_definition_problem(p_consent jsonb) returns text
language sql immutable parallel safe set search_path = ''
as $$
  select case
    when not private.has_only(p_consent, array['purpose', 'version', 'text', 'url', 'required']) then ''
    when not private.is_text(p_consent -> 'purpose', 64, '^[a-z][a-z0-9_]{0,63}$') then '.purpose'
    when not private.is_text(p_consent -> 'version', 64) then '.version'
    when not private.is_text(p_consent -> 'text', 20000) then '.text'
    -- It becomes a link on the candidate's page.
    when p_consent ? 'url' and not private.is_text(p_consent -> 'url', 2000, '^https?://[^\s]+$') then '.url'
    when coalesce(jsonb_typeof(p_consent -> 'required'), '') <> 'boolean' then '.required'
  end
$$;

create function private.competency_problem(p_competency jsonb, p_plan jsonb) returns text
language sql immutable parallel safe set search_path = ''
as $$
  select case
    when not private.has_only(p_competency, array['id', 'label', 'job_link', 'question_ids', 'anchors']) then ''
    when not private.is_text(p_competency -> 'id', 32, '^[a-z][a-z0-9_]{0,31}$') then '.id'
    when not private.is_text(p_competency -> 'label', 200) then '.label'
    when not private.is_text(p_competency -> 'job_link', 2000) then '.job_link'
    when not private.is_list(p_competency -> 'question_ids', 1, 50) then '.question_ids'
    when exists (
      select from jsonb_array_elements(p_competency -> 'question_ids') id
      where not p_plan @> jsonb_build_object('questions', jsonb_build_array(jsonb_build_object('id', id)))
    ) then '.question_ids'
    when not private.has_only(p_competency -> 'anchors', array['1', '3', '5'])
      or not private.is_text(p_competency -> 'anchors' -> '1', 2000)
      or not private.is_text(p_competency -> 'anchors' -> '3', 2000)
      or not private.is_text(p_competency -> 'anchors' -> '5', 2000) then '.anchors'
  end
$$;

create function private.plan_problem(p_plan jsonb) returns text
language plpgsql immutable parallel safe set search_path = ''
as $$
declare
  v_field text;
begin
  if not private.has_only(p_plan, array[
    'greeting', 'questions', 'candidate_qa_text', 'facts', 'closing_text', 'time_up_text'
  ]) then
    return 'plan';
  end if;
  foreach v_field in array array['greeting', 'candidate_qa_text', 'closing_text', 'time_up_text'] loop
    if not private.is_text(p_plan -> v_field, 2000) then
      return 'plan.' || v_field;
    end if;
  end loop;
  if not private.is_list(p_plan -> 'questions', 1, 50, 'id') then
    return 'plan.questions';
  end if;
  if p_plan ? 'facts' and not private.is_list(p_plan -> 'facts', 0, 100, 'id') then
    return 'plan.facts';
  end if;
  return coalesce((
    select 'plan.questions.' || n - 1 || private.question_problem(item)
    from jsonb_array_elements(p_plan -> 'questions') with ordinality as question (item, n)
    where private.question_problem(item) is not null order by n limit 1
  ), (
    select 'plan.facts.' || n - 1 || private.fact_problem(item)
    from jsonb_array_elements(coalesce(p_plan -> 'facts', '[]')) with ordinality as fact (item, n)
    where private.fact_problem(item) is not null order by n limit 1
  ));
end
$$;

-- The first field of a definition that is not as it must be; '' is the definition itself, null that all is well.
create function private.definition_problem(p_definition jsonb) returns text
language plpgsql immutable parallel safe set search_path = ''
as $$
declare
  v_field text;
begin
  if not private.has_only(p_definition, array[
    'external_id', 'title', 'language', 'duration_s', 'modes', 'account_required', 'inviter', 'decider', 'retention',
    'next_steps', 'adjustment', 'consents', 'plan', 'rubric'
  ]) then
    return '';
  end if;
  foreach v_field in array array['title', 'inviter', 'decider', 'retention', 'next_steps', 'adjustment'] loop
    if not private.is_text(p_definition -> v_field, 500) then
      return v_field;
    end if;
  end loop;
  v_field := case
    when p_definition ? 'external_id'
      and not private.is_text(p_definition -> 'external_id', 64, '^[A-Za-z0-9._-]{1,64}$') then 'external_id'
    when not private.is_text(p_definition -> 'language', 64, '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$') then 'language'
    when not private.is_integer(p_definition -> 'duration_s', 60, 14400) then 'duration_s'
    when not private.is_list(p_definition -> 'modes', 1, 2)
      or not p_definition -> 'modes' <@ '["voice", "text"]' then 'modes'
    when coalesce(jsonb_typeof(p_definition -> 'account_required'), '') <> 'boolean' then 'account_required'
    when not private.is_list(p_definition -> 'consents', 0, 16, 'purpose') then 'consents'
    when p_definition ? 'rubric' and not (
      private.has_only(p_definition -> 'rubric', array['competencies'])
      and private.is_list(p_definition -> 'rubric' -> 'competencies', 1, 20, 'id')
    ) then 'rubric'
  end;
  return coalesce(v_field, (
    select 'consents.' || n - 1 || private.consent_definition_problem(item)
    from jsonb_array_elements(p_definition -> 'consents') with ordinality as consent (item, n)
    where private.consent_definition_problem(item) is not null order by n limit 1
  ), private.plan_problem(p_definition -> 'plan'), (
    select 'rubric.competencies.' || n - 1 || private.competency_problem(item, p_definition -> 'plan')
    from jsonb_array_elements(coalesce(p_definition -> 'rubric' -> 'competencies', '[]'))
      with ordinality as competency (item, n)
    where private.competency_problem(item, p_definition -> 'plan') is not null order by n limit 1
  ));
end
$$;

-- Writes one plan down, new or changed.
create function private.store_plan(p_row public.interviews) returns void
language sql volatile set search_path = ''
as $$
  insert into public.interviews select (p_row).*
  on conflict (id) do update set
    external_id = excluded.external_id, title = excluded.title, language = excluded.language,
    duration_s = excluded.duration_s, modes = excluded.modes, account_required = excluded.account_required,
    inviter = excluded.inviter, decider = excluded.decider, retention = excluded.retention,
    next_steps = excluded.next_steps, adjustment = excluded.adjustment, consents = excluded.consents,
    plan = excluded.plan, rubric = excluded.rubric, rubric_approved_by = excluded.rubric_approved_by,
    rubric_approved_at = excluded.rubric_approved_at, edits = excluded.edits
$$;

-- The plan in a new version, which takes the former one's place: its id for backends, and being the tenant's default.
create function private.next_version(p_former public.interviews, p_row public.interviews) returns public.interviews
language plpgsql volatile set search_path = ''
as $$
begin
  perform from public.interviews where series_id = p_former.series_id order by id for update;
  p_row.version := (select max(version) + 1 from public.interviews where series_id = p_former.series_id);
  p_row.id := gen_random_uuid();
  p_row.copied_from := p_former.id;
  p_row.created_at := now();
  p_row.used_at := null;
  p_row.archived_at := null;
  p_row.edits := 0;
  update public.interviews set external_id = null, archived_at = coalesce(archived_at, now()) where id = p_former.id;
  perform private.store_plan(p_row);
  update public.tenants set default_interview_id = p_row.id
  where id = p_former.tenant_id and default_interview_id = p_former.id;
  return p_row;
end
$$;

-- Saves a plan: {id, version, edits, made: plan | version | change}. Without `p_interview` it is a new one of `p_tenant`.
-- Where candidates were interviewed by it, a change of questions, rubric, language or time makes a new version.
-- `p_edits`: what the caller saw. Errors: forbidden, bad_request {field}, taken_over (somebody saved meanwhile).
create function private.save_plan(p_tenant uuid, p_interview uuid, p_definition jsonb, p_edits integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_former public.interviews;
  v_row public.interviews;
  v_field text := private.definition_problem(p_definition);
  v_made text;
begin
  if p_interview is not null then
    select * into v_former from public.interviews where id = p_interview for update;
  end if;
  if (p_interview is not null and v_former.id is null)
    or not private.is_member(coalesce(v_former.tenant_id, p_tenant), array['owner', 'recruiter']) then
    return private.refusal('forbidden');
  elsif v_field is not null then
    return private.refusal('bad_request') || jsonb_build_object('field', v_field);
  elsif p_edits <> v_former.edits then
    return private.refusal('taken_over');
  end if;
  v_row := jsonb_populate_record(v_former, '{"external_id": null, "rubric": null}' || p_definition);
  if v_row.rubric is distinct from v_former.rubric then
    v_row.rubric_approved_by := null;
    v_row.rubric_approved_at := null;
  end if;
  if v_former.id is null then
    v_made := 'plan';
    v_row.id := gen_random_uuid();
    v_row.series_id := gen_random_uuid();
    v_row.tenant_id := p_tenant;
    v_row.version := 1;
    v_row.edits := 0;
    v_row.created_at := now();
    perform private.store_plan(v_row);
  elsif v_former.used_at is not null and (v_row.plan, v_row.rubric, v_row.language, v_row.duration_s)
    is distinct from (v_former.plan, v_former.rubric, v_former.language, v_former.duration_s) then
    v_made := 'version';
    v_row := private.next_version(v_former, v_row);
  else
    v_made := 'change';
    v_row.edits := v_former.edits + 1;
    perform private.store_plan(v_row);
  end if;
  return jsonb_build_object('id', v_row.id, 'version', v_row.version, 'edits', v_row.edits, 'made', v_made);
exception when unique_violation then
  return private.refusal('bad_request') || '{"field": "external_id"}';
end
$$;

-- Copies a plan as the beginning of another one: {id, version, edits}. Errors: forbidden.
create function private.duplicate_plan(p_interview uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.interviews;
begin
  select * into v_row from public.interviews
  where id = p_interview and private.is_member(tenant_id, array['owner', 'recruiter']);
  if v_row.id is null then
    return private.refusal('forbidden');
  end if;
  v_row.copied_from := v_row.id;
  v_row.id := gen_random_uuid();
  v_row.series_id := gen_random_uuid();
  v_row.version := 1;
  v_row.edits := 0;
  v_row.external_id := null;
  v_row.title := left(v_row.title, 490) || ' (copy)';
  v_row.rubric_approved_by := null;
  v_row.rubric_approved_at := null;
  v_row.created_at := now();
  v_row.used_at := null;
  v_row.archived_at := null;
  perform private.store_plan(v_row);
  return jsonb_build_object('id', v_row.id, 'version', 1, 'edits', 0);
end
$$;

-- Takes a plan out of what is offered, or puts it back. Links that were sent still open it. Errors: forbidden.
create function private.archive_plan(p_interview uuid, p_archived boolean) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.interviews set archived_at = case when p_archived then coalesce(archived_at, now()) end
  where id = p_interview and private.is_member(tenant_id, array['owner', 'recruiter']);
  if not found then
    return private.refusal('forbidden');
  end if;
  return jsonb_build_object('ok', true);
end
$$;

-- Says that answers may be rated by a plan's rubric, and who said so. Errors: forbidden, unsupported (there is none).
create function private.approve_rubric(p_interview uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row public.interviews;
begin
  select * into v_row from public.interviews
  where id = p_interview and private.is_member(tenant_id, array['owner']) for update;
  if v_row.id is null then
    return private.refusal('forbidden');
  elsif v_row.rubric is null then
    return private.refusal('unsupported');
  end if;
  update public.interviews set rubric_approved_by = (select auth.uid()), rubric_approved_at = now()
  where id = p_interview and rubric_approved_at is null;
  return jsonb_build_object('ok', true);
end
$$;

create function public.save_plan(
  p_tenant uuid, p_interview uuid, p_definition jsonb, p_edits integer default null
) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.save_plan(p_tenant, p_interview, p_definition, p_edits) $$;
create function public.duplicate_plan(p_interview uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.duplicate_plan(p_interview) $$;
create function public.archive_plan(p_interview uuid, p_archived boolean default true) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.archive_plan(p_interview, p_archived) $$;
create function public.approve_rubric(p_interview uuid) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.approve_rubric(p_interview) $$;

revoke all on function
  private.refuse_delete_of_used_plan(), private.is_text(jsonb, integer, text),
  private.is_integer(jsonb, integer, integer), private.is_list(jsonb, integer, integer, text),
  private.has_only(jsonb, text[]), private.question_problem(jsonb), private.fact_problem(jsonb),
  private.consent_definition_problem(jsonb), private.competency_problem(jsonb, jsonb), private.plan_problem(jsonb),
  private.definition_problem(jsonb), private.store_plan(public.interviews),
  private.next_version(public.interviews, public.interviews),
  private.save_plan(uuid, uuid, jsonb, integer), public.save_plan(uuid, uuid, jsonb, integer),
  private.duplicate_plan(uuid), public.duplicate_plan(uuid),
  private.archive_plan(uuid, boolean), public.archive_plan(uuid, boolean),
  private.approve_rubric(uuid), public.approve_rubric(uuid)
from public, anon, authenticated;
grant execute on function
  private.save_plan(uuid, uuid, jsonb, integer), public.save_plan(uuid, uuid, jsonb, integer),
  private.duplicate_plan(uuid), public.duplicate_plan(uuid),
  private.archive_plan(uuid, boolean), public.archive_plan(uuid, boolean),
  private.approve_rubric(uuid), public.approve_rubric(uuid)
to authenticated;
