-- What candidates think of the interview. It says nothing about them, and no rating of theirs rests on it.

create table public.feedback (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  rating smallint check (rating between 1 and 5),
  text text check (octet_length(text) between 1 and 32768),
  given_at timestamptz not null default now(),
  check (num_nonnulls(rating, text) > 0)
);
create index feedback_session on public.feedback (session_id, id desc);
create index feedback_tenant on public.feedback (tenant_id);
alter table public.feedback enable row level security;

create trigger feedback_stands before update on public.feedback
  for each row execute function private.refuse_change();

revoke all on public.feedback from anon, authenticated, service_role;
grant select on public.feedback to authenticated, service_role;

create policy "Members see the feedback given to their tenant" on public.feedback
  for select to authenticated using (private.is_member(tenant_id));
create policy "Candidates see the feedback that they gave" on public.feedback
  for select to authenticated using (private.may_read_session(session_id));

-- Keeps a rating, a text or both. Saying the same once more changes nothing.
-- Errors: not_found, session_ended (cancelled), delivery_expired, rate_limited, bad_request.
create function public.store_feedback(p_session uuid, p_rating integer, p_text text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
begin
  -- Locked, so that many at once can't pass the limit together.
  select * into v_session from public.interview_sessions where id = p_session for update;
  if v_session.id is null then
    return private.refusal('not_found');
  elsif v_session.status = 'cancelled' then
    return private.refusal('session_ended');
  elsif v_session.ended_at < now() - interval '24 hours' then
    return private.refusal('delivery_expired');
  end if;
  if exists (
    select from (
      select rating, text from public.feedback where session_id = p_session order by id desc limit 1
    ) newest
    where newest.rating is not distinct from p_rating and newest.text is not distinct from p_text
  ) then
    return jsonb_build_object('ok', true);
  end if;
  if (select count(*) from public.feedback where session_id = p_session) >= 20 then
    return private.refusal('rate_limited');
  end if;
  insert into public.feedback (tenant_id, session_id, rating, text)
  values (v_session.tenant_id, p_session, p_rating, p_text);
  return jsonb_build_object('ok', true);
exception when check_violation or numeric_value_out_of_range then
  return private.refusal('bad_request');
end
$$;
revoke all on function public.store_feedback(uuid, integer, text) from public, anon, authenticated;
grant execute on function public.store_feedback(uuid, integer, text) to service_role;
