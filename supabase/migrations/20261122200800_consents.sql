-- What candidates agreed to and what they didn't, as they were asked. Added to, never changed.

create table public.consents (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  session_id uuid not null references public.interview_sessions (id) on delete cascade,
  candidate_id uuid not null references public.candidates (id) on delete cascade,
  purpose text not null check (purpose ~ '^[a-z][a-z0-9_]{0,63}$'),
  version text not null check (char_length(version) between 1 and 64),
  -- The text that was shown, and its SHA-256 as the page reckoned it.
  text text not null,
  text_hash text not null check (text_hash ~ '^[0-9a-f]{64}$'),
  locale text not null,
  granted boolean not null,
  given_at timestamptz not null default now()
);
create index consents_session on public.consents (session_id, purpose, id desc);
create index consents_candidate on public.consents (candidate_id);
create index consents_tenant on public.consents (tenant_id);
alter table public.consents enable row level security;

create trigger consents_stand before update on public.consents
  for each row execute function private.refuse_change();

revoke all on public.consents from anon, authenticated, service_role;
grant select on public.consents to authenticated, service_role;

create policy "Members see the consents given to their tenant" on public.consents
  for select to authenticated using (private.is_member(tenant_id));
create policy "Candidates see the consents that they gave" on public.consents
  for select to authenticated using (private.is_candidate(candidate_id));

-- What stands in the way of a start with these answers: null, 'consent_outdated' or 'consent_required'. Asked are the
-- interview's consents; an answer that was stored before for the same session goes on to hold.
create function private.consent_problem(p_session uuid, p_asked jsonb, p_answers jsonb) returns text
language sql stable set search_path = ''
as $$
  with asked as (
    select c ->> 'purpose' as purpose, c ->> 'version' as version,
      private.sha256_hex(c ->> 'text') as text_hash, (c ->> 'required')::boolean as required
    from jsonb_array_elements(p_asked) c
  ),
  stored as (
    select distinct on (c.purpose) c.purpose, c.version, c.text_hash, c.granted
    from public.consents c
    where c.session_id = p_session
    order by c.purpose, c.id desc
  ),
  answered as (
    select a ->> 'purpose' as purpose, a ->> 'version' as version, a ->> 'text_hash' as text_hash,
      (a ->> 'granted')::boolean as granted
    from jsonb_array_elements(p_answers) a
  )
  select case
    when exists (
      select purpose, version, text_hash from answered
      except select purpose, version, text_hash from asked
      except select purpose, version, text_hash from stored
    ) then 'consent_outdated'
    when exists (
      select from asked
      where asked.required and not coalesce(
        (select bool_and(granted) from answered where answered.purpose = asked.purpose),
        (select granted from stored where stored.purpose = asked.purpose),
        false
      )
    ) then 'consent_required'
  end
$$;
revoke all on function private.consent_problem(uuid, jsonb, jsonb) from public, anon, authenticated;

-- Adds the answers that say something new. A withdrawn consent is an answer too.
create function private.store_consents(p_session public.interview_sessions, p_asked jsonb, p_answers jsonb)
returns void
language sql volatile set search_path = ''
as $$
  insert into public.consents
    (tenant_id, session_id, candidate_id, purpose, version, text, text_hash, locale, granted)
  select p_session.tenant_id, p_session.id, p_session.candidate_id, a ->> 'purpose', a ->> 'version',
    c ->> 'text', a ->> 'text_hash', a ->> 'locale', (a ->> 'granted')::boolean
  from jsonb_array_elements(p_answers) a
  join jsonb_array_elements(p_asked) c
    on c ->> 'purpose' = a ->> 'purpose' and c ->> 'version' = a ->> 'version'
    and private.sha256_hex(c ->> 'text') = a ->> 'text_hash'
  where (a ->> 'granted')::boolean is distinct from (
    select s.granted from public.consents s
    where s.session_id = p_session.id and s.purpose = a ->> 'purpose'
      and s.version = a ->> 'version' and s.text_hash = a ->> 'text_hash'
    order by s.id desc limit 1
  )
$$;
revoke all on function private.store_consents(public.interview_sessions, jsonb, jsonb)
  from public, anon, authenticated;
