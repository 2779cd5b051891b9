-- A candidate's own wording of a line of theirs. It stands beside the line and changes nothing of it: of several the
-- newest counts, and the older ones stay.

create table public.transcript_corrections (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  -- The line's, as in transcript_current.
  entry_id text not null check (octet_length(entry_id) between 38 and 165),
  text text not null check (octet_length(text) between 1 and 32768),
  corrected_at timestamptz not null default now()
);
create index transcript_corrections_line on public.transcript_corrections (session_id, entry_id, id desc);
create index transcript_corrections_tenant on public.transcript_corrections (tenant_id);
alter table public.transcript_corrections enable row level security;

create trigger corrections_stand before update on public.transcript_corrections
  for each row execute function private.refuse_change();

revoke all on public.transcript_corrections from anon, authenticated, service_role;
grant select on public.transcript_corrections to authenticated, service_role;

create policy "Members see what candidates of their tenant corrected" on public.transcript_corrections
  for select to authenticated using (private.is_member(tenant_id));
create policy "Candidates see what they corrected themselves" on public.transcript_corrections
  for select to authenticated using (private.may_read_session(session_id));

-- Keeps a correction, until 24 hours after the end. Saying the same once more changes nothing.
-- Errors: not_found (the session, or a line that is not stored or can't be read), forbidden (somebody else's line),
-- session_ended (cancelled), delivery_expired, session_limit, bad_request.
create function public.store_correction(p_session uuid, p_entry_id text, p_text text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_session public.interview_sessions;
  v_role text;
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
  -- Whose line it is says the server's copy where there is one: a page could call any line its candidate's.
  select role into v_role from public.transcript_entries
  where session_id = p_session and entry_id = p_entry_id and tombstone is null
  order by source desc, revision desc, id desc
  limit 1;
  if v_role is null then
    return private.refusal('not_found');
  elsif v_role <> 'candidate' then
    return private.refusal('forbidden');
  end if;
  if p_text = (
    select text from public.transcript_corrections
    where session_id = p_session and entry_id = p_entry_id
    order by id desc limit 1
  ) then
    return jsonb_build_object('ok', true);
  end if;
  if (select count(*) from public.transcript_corrections where session_id = p_session) >= 500 then
    return private.refusal('session_limit');
  end if;
  insert into public.transcript_corrections (tenant_id, session_id, entry_id, text)
  values (v_session.tenant_id, p_session, p_entry_id, p_text);
  return jsonb_build_object('ok', true);
exception when check_violation or not_null_violation then
  return private.refusal('bad_request');
end
$$;
revoke all on function public.store_correction(uuid, text, text) from public, anon, authenticated;
grant execute on function public.store_correction(uuid, text, text) to service_role;
