-- What is asked, and what a candidate is told beforehand.

create table public.interviews (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  external_id text check (external_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  title text not null check (char_length(title) between 1 and 500),
  language text not null default 'en' check (language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$'),
  -- Planned length, seconds.
  duration_s integer not null check (duration_s between 60 and 14400),
  modes text[] not null default '{voice}' check (modes <@ array['voice', 'text'] and cardinality(modes) > 0),
  account_required boolean not null default false,
  inviter text not null check (char_length(inviter) between 1 and 500),
  decider text not null check (char_length(decider) between 1 and 500),
  retention text not null check (char_length(retention) between 1 and 500),
  next_steps text not null check (char_length(next_steps) between 1 and 500),
  adjustment text not null check (char_length(adjustment) between 1 and 500),
  -- [{purpose, version, text, url?, required}]: the texts that are in force.
  consents jsonb not null default '[]' check (jsonb_typeof(consents) = 'array'),
  -- Questions, greeting and farewells; spoken aloud, so nothing secret stands here.
  plan jsonb not null check (
    jsonb_typeof(plan -> 'questions') = 'array' and plan ->> 'greeting' is not null
  ),
  created_at timestamptz not null default now(),
  -- When the first session was made of it; from then on its plan stands.
  used_at timestamptz,
  unique (tenant_id, external_id)
);
alter table public.interviews enable row level security;

alter table public.tenants
  add constraint tenants_default_interview_fkey
  foreign key (default_interview_id) references public.interviews (id) on delete set null;

-- Two candidates of one interview must have been asked the same; a changed plan is a new interview.
create function private.keep_used_plan() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if old.used_at is not null and (
    new.plan is distinct from old.plan
    or new.language is distinct from old.language
    or new.duration_s is distinct from old.duration_s
    or new.tenant_id is distinct from old.tenant_id
    or new.used_at is distinct from old.used_at
  ) then
    raise exception 'interview % is in use, so its plan stands: copy it to change it', old.id
      using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
revoke all on function private.keep_used_plan() from public, anon, authenticated;
create trigger keep_used_plan before update on public.interviews
  for each row execute function private.keep_used_plan();

revoke all on public.interviews from anon, authenticated;
grant select on public.interviews to authenticated;
grant select, insert, update, delete on public.interviews to service_role;

-- Candidates have no policy here: the plan holds the questions that they have not heard yet.
create policy "Members see the interviews of their tenant" on public.interviews
  for select to authenticated using (private.is_member(tenant_id));

-- What a candidate is told of an interview: protocol InterviewSummary.
create function private.interview_summary(p_interview public.interviews) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'title', p_interview.title,
    'language', p_interview.language,
    'duration_s', p_interview.duration_s,
    'questions_total', jsonb_array_length(p_interview.plan -> 'questions')
  )
$$;
revoke all on function private.interview_summary(public.interviews) from public, anon, authenticated;
