-- What was decided on a candidate's request: more time, another mode. It lies apart from the request and from everything
-- that a rating is made of, so that whoever rates can't know of it.

-- A tenant's own backend asks before its session is there: until then the request goes by the id that the backend will
-- start it with.
alter table public.adjustments
  add column external_session text check (external_session ~ '^[A-Za-z0-9._-]{1,64}$'),
  -- Written down by whoever decided it unasked.
  add column unasked boolean not null default false,
  add constraint adjustments_of_tenant unique (id, tenant_id),
  drop constraint adjustments_asked_somewhere,
  add constraint adjustments_asked_somewhere
    check (num_nonnulls(invitation_id, session_id, external_session) > 0);
create index adjustments_external on public.adjustments (tenant_id, external_session)
  where session_id is null and external_session is not null;

-- Added to, never changed: the newest counts. What it is about hangs on the request alone, so that it stays the only link
-- between sessions and invitations beside their own, and the API knows which is meant.
create table public.adjustment_decisions (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  adjustment_id bigint not null,
  -- Of the planned length; none: no limit that anybody meets.
  multiplier text not null check (multiplier in ('1', '1.25', '1.5', '2', 'none')),
  -- Offered beside the interview's own.
  mode text constraint adjustment_decisions_mode_check check (mode in ('voice', 'text')),
  decided_by uuid references auth.users (id) on delete set null,
  decided_at timestamptz not null default now(),
  constraint adjustment_decisions_adjustment_fkey foreign key (adjustment_id, tenant_id)
    references public.adjustments (id, tenant_id) on delete cascade
);
create index adjustment_decisions_tenant on public.adjustment_decisions (tenant_id);
create index adjustment_decisions_adjustment on public.adjustment_decisions (adjustment_id);
alter table public.adjustment_decisions enable row level security;

-- All but who decided: an account that is deleted takes its name with it.
create trigger adjustment_decisions_stand
  before update of tenant_id, adjustment_id, multiplier, mode, decided_at
  on public.adjustment_decisions
  for each row execute function private.refuse_change();

revoke all on public.adjustment_decisions from anon, authenticated, service_role;
grant select on public.adjustment_decisions to authenticated, service_role;

create policy "Owners and recruiters see what was decided for candidates" on public.adjustment_decisions
  for select to authenticated using (private.is_member(tenant_id, array['owner', 'recruiter']));

-- The decision that counts for a session, or for an invitation that nobody has used yet. What was decided for a link of
-- one use holds for whichever device comes with it.
create function private.decision_for(p_invitation uuid, p_session uuid) returns public.adjustment_decisions
language sql stable set search_path = ''
as $$
  select d.* from public.adjustment_decisions d
  where d.id = (
    select max(id) from (
      select known.id from public.adjustments a
      join public.adjustment_decisions known on known.adjustment_id = a.id
      where a.session_id = p_session
      union all
      select known.id from public.interview_invitations v
      join public.adjustments a on a.invitation_id = v.id
      join public.adjustment_decisions known on known.adjustment_id = a.id
      where v.id = p_invitation and v.max_uses = 1
    ) all_known
  )
$$;

-- An interview's length under a decision, seconds. Without a limit it is four hours, or twice the plan where that is
-- more: calls must end some time, and the silence of whoever has left ends them long before.
create function private.adjusted_s(p_duration_s integer, p_multiplier text) returns integer
language sql immutable parallel safe set search_path = ''
as $$
  select case coalesce(p_multiplier, '1')
    when 'none' then greatest(14400, p_duration_s * 2)
    else ceil(p_duration_s * coalesce(p_multiplier, '1')::numeric)::integer
  end
$$;

-- How long a session may take, seconds, standstills of its clock not counted. What an invitation has left
-- (`private.time_left`) bounds it from the outside.
create function private.allowed_s(p_session uuid) returns integer
language sql stable set search_path = ''
as $$
  select private.adjusted_s(i.duration_s, (private.decision_for(s.invitation_id, s.id)).multiplier)
  from public.interview_sessions s
  join public.interviews i on i.id = s.interview_id
  where s.id = p_session
$$;

-- An interview's modes and the one that was granted.
create function private.modes_with(p_modes text[], p_granted text) returns text[]
language sql immutable parallel safe set search_path = ''
as $$
  select case when p_granted is null or p_granted = any (p_modes) then p_modes else p_modes || p_granted end
$$;

-- Decides what a candidate gets: of a request, or without one of an invitation (of one use) or a session.
-- {decided: true}; {decided: false} once the interview has begun: its clock runs. Errors: forbidden, bad_request.
create function private.decide_adjustment(
  p_multiplier text, p_mode text, p_adjustment bigint, p_invitation uuid, p_session uuid
) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_request public.adjustments;
  v_invitation public.interview_invitations;
  v_session public.interview_sessions;
  v_tenant uuid;
begin
  if num_nonnulls(p_adjustment, p_invitation, p_session) <> 1 then
    return private.refusal('bad_request');
  end if;
  select * into v_request from public.adjustments where id = p_adjustment;
  select * into v_session from public.interview_sessions where id = coalesce(p_session, v_request.session_id);
  -- The invitation first, as where it is redeemed: this decision comes before the start or after it.
  select * into v_invitation from public.interview_invitations
  where id = coalesce(p_invitation, v_request.invitation_id, v_session.invitation_id) for update;
  v_tenant := coalesce(v_request.tenant_id, v_invitation.tenant_id, v_session.tenant_id);
  if v_tenant is null or not private.is_member(v_tenant, array['owner', 'recruiter']) then
    return private.refusal('forbidden');
  end if;
  if v_session.id is not null then
    select * into v_session from public.interview_sessions where id = v_session.id for update;
  elsif v_invitation.max_uses > 1 then
    -- It would be a decision for everybody who holds the link.
    return private.refusal('bad_request');
  end if;
  if exists (
    select from public.interview_sessions s
    where s.started_at is not null and s.status <> 'cancelled'
      and (s.id = v_session.id or s.invitation_id = v_invitation.id and v_invitation.max_uses = 1)
  ) then
    return jsonb_build_object('decided', false);
  end if;
  if v_request.id is null then
    insert into public.adjustments (tenant_id, invitation_id, session_id, kind, note, unasked)
    values (v_tenant, v_invitation.id, v_session.id, 'adjustment', '', true)
    returning * into v_request;
  end if;
  insert into public.adjustment_decisions (tenant_id, adjustment_id, multiplier, mode, decided_by)
  values (v_tenant, v_request.id, p_multiplier, p_mode, (select auth.uid()));
  return jsonb_build_object('decided', true);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;
create function public.decide_adjustment(
  p_multiplier text, p_mode text default null,
  p_adjustment bigint default null, p_invitation uuid default null, p_session uuid default null
) returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.decide_adjustment(p_multiplier, p_mode, p_adjustment, p_invitation, p_session) $$;

revoke all on function
  private.decision_for(uuid, uuid), private.adjusted_s(integer, text), private.allowed_s(uuid),
  private.modes_with(text[], text),
  private.decide_adjustment(text, text, bigint, uuid, uuid), public.decide_adjustment(text, text, bigint, uuid, uuid)
from public, anon, authenticated;
grant execute on function
  private.decide_adjustment(text, text, bigint, uuid, uuid), public.decide_adjustment(text, text, bigint, uuid, uuid)
to authenticated;

-- What a person is given of themselves holds what was decided for them.
do $$
declare
  v_export constant text := (
    select pg_get_functiondef(oid) from pg_proc
    where proname = 'export_candidate' and pronamespace = 'private'::regnamespace
  );
  v_next constant text := '''feedback'', (';
begin
  if v_export not like '%' || v_next || '%' then
    raise exception 'export_candidate has no place for decisions';
  end if;
  execute replace(v_export, v_next, $new$'adjustment_decisions', (
      select coalesce(jsonb_agg(to_jsonb(d) - 'decided_by' order by d.id), '[]')
      from public.adjustment_decisions d
      join public.adjustments a on a.id = d.adjustment_id
      where a.session_id = any (v_sessions) or a.invitation_id = any (v_invitations)
    ),
    $new$ || v_next);
end
$$;
