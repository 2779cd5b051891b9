-- How each question went, and what the interviewer's tools were answered: read off the supervisor's state in the
-- transaction that saves it. Ids, times and counts; no words.

create table public.question_states (
  session_id uuid not null,
  tenant_id uuid not null,
  question_id text not null check (char_length(question_id) between 1 and 64),
  -- 1, 2, 3 … in the order in which they came up.
  position integer not null check (position > 0),
  status text not null generated always as (case
    when left_at is not null then 'left' when delivered_at is not null then 'delivered' else 'asked'
  end) stored constraint question_states_status_check check (status in ('asked', 'delivered', 'left')),
  -- How it was left; null while it is open, and where the interview ended in it.
  outcome text constraint question_states_outcome_check
    check (outcome in ('answered', 'probes_used', 'dont_know', 'skip', 'time')),
  asked_at timestamptz not null default now(),
  -- Four fifths of its words were heard.
  delivered_at timestamptz,
  left_at timestamptz,
  -- How often it was said again: by a button, after a silence, in another call.
  restates integer not null default 0,
  -- What the candidate said in answer, as far as the supervisor counted.
  answer_ms integer not null default 0,
  answer_words integer not null default 0,
  -- By the settled transcript: the interviewer's turns after its words, and the share of these that was played.
  follow_ups integer,
  heard_share real check (heard_share between 0 and 1),
  primary key (session_id, question_id),
  foreign key (session_id, tenant_id) references public.interview_sessions (id, tenant_id) on delete cascade,
  check (outcome is null or left_at is not null)
);
alter table public.question_states enable row level security;

create table public.tool_calls (
  session_id uuid not null,
  tenant_id uuid not null,
  -- The provider's.
  tool_call_id text not null check (char_length(tool_call_id) between 1 and 256),
  call_id uuid not null,
  -- Where the interview stood when it came: a question, or a phase.
  step text not null check (char_length(step) <= 64),
  -- What it was answered: another question, the candidate's own questions, the closing, last words, silence, a refusal.
  answer text not null constraint tool_calls_answer_check
    check (answer in ('question', 'candidate_qa', 'closing', 'ended', 'waited', 'refused')),
  -- Why it was refused.
  code text check (char_length(code) <= 64),
  answered_at timestamptz not null default now(),
  primary key (session_id, tool_call_id),
  foreign key (session_id, tenant_id) references public.interview_sessions (id, tenant_id) on delete cascade,
  foreign key (call_id, session_id) references public.session_calls (id, session_id) on delete cascade,
  check ((answer = 'refused') = (code is not null))
);
create index tool_calls_call on public.tool_calls (call_id);
alter table public.tool_calls enable row level security;

revoke all on public.question_states, public.tool_calls from anon, authenticated, service_role;
grant select on public.question_states, public.tool_calls to authenticated, service_role;

create policy "Members see how questions went in their tenant" on public.question_states
  for select to authenticated using (private.is_member(tenant_id));
create policy "Members see what tools were answered in their tenant" on public.tool_calls
  for select to authenticated using (private.is_member(tenant_id));

-- Name of the current step of a saved state: of the question, or the phase.
create function private.step_of(p_state jsonb, p_questions jsonb) returns text
language sql immutable set search_path = ''
as $$
  select case when p_state ->> 'phase' = 'question'
    then p_questions -> (p_state ->> 'index')::integer ->> 'id' else p_state ->> 'phase' end
$$;

-- What a tool call was answered, by the output that the model reads.
create function private.answer_of(p_output jsonb) returns text
language sql immutable set search_path = ''
as $$
  select case
    when p_output = '{}' then 'waited'
    when p_output -> 'ok' = 'false' then 'refused'
    when p_output ? 'closing_text' then 'ended'
    else p_output ->> 'phase'
  end
$$;

create function private.note_questions(p_new public.session_states, p_former jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  v_tenant uuid;
  v_questions jsonb;
  v_state constant jsonb := p_new.reducer;
  v_step text;
  v_text text;
  v_again integer := 0;
  v_effects jsonb := '[]';
begin
  select s.tenant_id, i.plan -> 'questions' into v_tenant, v_questions
  from public.interview_sessions s join public.interviews i on i.id = s.interview_id
  where s.id = p_new.session_id;
  v_step := private.step_of(v_state, v_questions);
  -- A decision is done once, however often the state that holds it is saved.
  if v_state #> '{decision,key}' is distinct from p_former #> '{decision,key}' then
    v_effects := coalesce(v_state #> '{decision,effects}', '[]');
  end if;
  insert into public.question_states as q (session_id, tenant_id, question_id, position, outcome, left_at)
  select p_new.session_id, v_tenant, o.value ->> 'id', o.ordinality, o.value ->> 'how', now()
  from jsonb_array_elements(v_state -> 'outcomes') with ordinality o
  on conflict (session_id, question_id) do update set outcome = excluded.outcome, left_at = now()
  where q.left_at is null;
  if v_state ->> 'phase' = 'question' then
    v_text := v_questions -> (v_state ->> 'index')::integer ->> 'text';
    if v_step = private.step_of(p_former, v_questions) then
      v_again := (
        select count(*) from jsonb_array_elements(v_effects) e
        where e.value ->> 'type' = 'say' and e.value ->> 'text' = v_text
      );
    end if;
    insert into public.question_states as q
      (session_id, tenant_id, question_id, position, delivered_at, answer_ms, answer_words, restates)
    values (
      p_new.session_id, v_tenant, v_step, (v_state ->> 'index')::integer + 1,
      case when (v_state -> 'delivered')::boolean then now() end,
      private.bounded(v_state -> 'answer_ms', 86400000), private.bounded(v_state -> 'answer_words', 1000000), v_again
    )
    on conflict (session_id, question_id) do update
    set delivered_at = coalesce(q.delivered_at, excluded.delivered_at), answer_ms = excluded.answer_ms,
      answer_words = excluded.answer_words, restates = q.restates + v_again;
  elsif jsonb_typeof(v_state -> 'end') = 'object' then
    update public.question_states set left_at = now()
    where session_id = p_new.session_id and left_at is null;
  end if;
  insert into public.tool_calls (session_id, tenant_id, tool_call_id, call_id, step, answer, code)
  select p_new.session_id, v_tenant, e.value ->> 'toolCall', p_new.call_id,
    coalesce(private.step_of(p_former, v_questions), 'opening'),
    private.answer_of(e.value -> 'output'), e.value #>> '{output,code}'
  from jsonb_array_elements(v_effects) e
  where e.value ->> 'type' = 'reply'
  on conflict (session_id, tool_call_id) do nothing;
end
$$;

-- The state is the proxy's own, of whichever version: what can't be read of it is no reason to stop an interview.
create function private.follow_state() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform private.note_questions(new, '{}');
  elsif new.reducer is distinct from old.reducer then
    perform private.note_questions(new, old.reducer);
  end if;
  return null;
exception when others then
  raise warning 'The state of session % is not understood (%).', new.session_id, sqlstate;
  return null;
end
$$;
create trigger questions_follow_state after insert or update on public.session_states
  for each row execute function private.follow_state();

-- What only the settled transcript tells of a question.
create function private.follow_report() returns trigger
language plpgsql set search_path = ''
as $$
begin
  with turns as (
    select u.value ->> 'question_id' as question_id,
      row_number() over (partition by u.value ->> 'question_id' order by u.ordinality) as n,
      (u.value -> 'heard_ms')::text as heard, (u.value ->> 'ended_ms')::numeric - (u.value ->> 'started_ms')::numeric as ms
    from jsonb_array_elements(new.report -> 'utterances') with ordinality u
    where u.value ->> 'role' = 'interviewer' and u.value ->> 'status' in ('final', 'interrupted')
  ), counted as (
    select question_id, max(n) - 1 as follow_ups,
      max(case when n = 1 and ms > 0 and heard <> 'null' then least(greatest(heard::numeric / ms, 0), 1) end) as heard
    from turns group by question_id
  )
  update public.question_states q set follow_ups = counted.follow_ups, heard_share = counted.heard
  from counted where q.session_id = new.session_id and q.question_id = counted.question_id;
  return null;
end
$$;
create trigger questions_follow_report after insert or update on public.interview_reports
  for each row execute function private.follow_report();

revoke all on function
  private.step_of(jsonb, jsonb), private.answer_of(jsonb), private.note_questions(public.session_states, jsonb),
  private.follow_state(), private.follow_report()
from public, anon, authenticated;

-- What is given out about a person has them too; else it is as before.
do $$
declare
  v_export constant text := pg_get_functiondef('private.export_candidate(uuid)'::regprocedure);
  v_place constant text := $place$    'transcript_entries', ($place$;
begin
  if position(v_place in v_export) is distinct from 0 then
    execute replace(v_export, v_place, $rows$    'question_states', (
      select coalesce(jsonb_agg(to_jsonb(q) order by q.session_id, q.position), '[]')
      from public.question_states q where q.session_id = any (v_sessions)
    ),
    'tool_calls', (
      select coalesce(jsonb_agg(to_jsonb(t) order by t.answered_at), '[]')
      from public.tool_calls t where t.session_id = any (v_sessions)
    ),
$rows$ || v_place);
  else
    raise exception 'export_candidate does not give out transcript entries';
  end if;
end
$$;
