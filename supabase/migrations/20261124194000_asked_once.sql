-- Who may read is asked once a statement and not once a row: a member who reads everything used to have a function called
-- for each of a million lines. An array from a subquery is also what an index is looked up by.

-- Tenants that the signed-in person belongs to, in one of these roles where any are named.
create function private.my_tenants(p_roles text[] default null) returns uuid[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(m.tenant_id), '{}')
  from public.tenant_members m
  where m.user_id = (select auth.uid()) and (p_roles is null or m.role = any (p_roles))
$$;

-- The candidates that the signed-in person is: one for each tenant.
create function private.my_candidates() returns uuid[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(c.id), '{}') from public.candidates c where c.user_id = (select auth.uid())
$$;

-- Interviews that the signed-in person gave.
create function private.my_sessions() returns uuid[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(s.id), '{}')
  from public.interview_sessions s
  where s.candidate_id = any ((select private.my_candidates())::uuid[])
$$;

revoke all on function private.my_tenants(text[]), private.my_candidates(), private.my_sessions() from public, anon;
grant execute on function private.my_tenants(text[]), private.my_candidates(), private.my_sessions()
to authenticated;

-- Each policy asks for the same rows as before. A candidate's policy asks for the candidate alone, since members have
-- their own: with either taken away somebody would read too little.
do $$
declare
  v_policy record;
  v_asked text[];
begin
  for v_policy in select tablename, policyname, qual from pg_catalog.pg_policies where schemaname = 'public' loop
    v_asked := regexp_match(
      v_policy.qual, '^\(?private\.(is_member|is_candidate|may_read_session)\((\w+)(?:, (ARRAY\[[^]]*\]))?\)\)?$'
    );
    if v_asked is not null then
      execute format(
        'alter policy %I on public.%I using (%I = any ((select private.%I(%s))::uuid[]))',
        v_policy.policyname, v_policy.tablename, v_asked[2],
        case v_asked[1]
          when 'is_member' then 'my_tenants' when 'is_candidate' then 'my_candidates' else 'my_sessions'
        end,
        v_asked[3]
      );
    end if;
  end loop;
end
$$;

-- No policy asks this any more; one that was overlooked stops here. `is_member` and `is_candidate` are what functions go
-- on asking, about one row.
drop function private.may_read_session(uuid);
