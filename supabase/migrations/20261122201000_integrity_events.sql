-- What happened in a session that a reviewer may need to know: tampering, conflicts, devices let in.

create table public.integrity_events (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  call_id uuid references public.session_calls (id) on delete cascade,
  kind text not null check (kind ~ '^[a-z][a-z0-9_.]{0,63}$'),
  detail jsonb not null default '{}' check (octet_length(detail::text) <= 16384),
  recorded_at timestamptz not null default now()
);
create index integrity_events_session on public.integrity_events (session_id, id);
create index integrity_events_tenant on public.integrity_events (tenant_id);
create index integrity_events_call on public.integrity_events (call_id);
alter table public.integrity_events enable row level security;

create trigger events_stand before update on public.integrity_events
  for each row execute function private.refuse_change();

revoke all on public.integrity_events from anon, authenticated, service_role;
grant select on public.integrity_events to authenticated, service_role;

create policy "Members see the events of their tenant" on public.integrity_events
  for select to authenticated using (private.is_member(tenant_id));

-- Records what a supervisor saw. Errors: not_found, bad_request.
create function public.record_event(p_session uuid, p_call uuid, p_kind text, p_detail jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_tenant uuid := (select tenant_id from public.interview_sessions where id = p_session);
begin
  if v_tenant is null or (p_call is not null and not exists (
    select from public.session_calls where id = p_call and session_id = p_session
  )) then
    return private.refusal('not_found');
  end if;
  insert into public.integrity_events (tenant_id, session_id, call_id, kind, detail)
  values (v_tenant, p_session, p_call, p_kind, coalesce(p_detail, '{}'));
  return jsonb_build_object('ok', true);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;
revoke all on function public.record_event(uuid, uuid, text, jsonb) from public, anon, authenticated;
grant execute on function public.record_event(uuid, uuid, text, jsonb) to service_role;
