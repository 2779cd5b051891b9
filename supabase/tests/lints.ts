/** What Supabase's database linter looks for, https://supabase.com/docs/guides/database/database-advisors. */
export interface Lint {
  /** Its number and name there. */
  name: string;
  level: 'ERROR' | 'WARN';
  /** Finds objects by name; one column. */
  query: string;
  /** Makes one. */
  mistake: string;
}

const exposed = `(select trim(name) from unnest(string_to_array(current_setting('pgrst.db_schemas'), ',')) name)`;
const relations = `pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname in ${exposed}`;
const functions = `pg_proc p join pg_namespace n on n.oid = p.pronamespace`;
const readable = `(has_table_privilege('anon', c.oid, 'select') or has_table_privilege('authenticated', c.oid, 'select')
  or has_any_column_privilege('anon', c.oid, 'select') or has_any_column_privilege('authenticated', c.oid, 'select'))`;
const own = `n.nspname in ('public', 'private')`;
const conditions = `concat_ws(' ', p.qual, p.with_check)`;

const executable = (role: string) => `
  select p.oid::regprocedure::text from ${functions}
  where n.nspname in ${exposed} and p.prosecdef and has_function_privilege('${role}', p.oid, 'execute')`;
const inGraphql = (role: string) => `
  select c.oid::regclass::text from ${relations}
  where c.relkind in ('r', 'v', 'm', 'f') and exists (select from pg_extension where extname = 'pg_graphql')
    and (has_table_privilege('${role}', c.oid, 'select') or has_any_column_privilege('${role}', c.oid, 'select'))`;

/** All rules of level ERROR, and those of level WARN that are about security, as far as SQL can tell. Ours, not copies. */
export const lints: readonly Lint[] = [
  {
    name: '0002 auth_users_exposed',
    level: 'ERROR',
    query: `
      select distinct c.oid::regclass::text from ${relations}
      join pg_rewrite w on w.ev_class = c.oid
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refobjid = 'auth.users'::regclass
      where c.relkind in ('v', 'm') and ${readable}`,
    mistake: `create view public.accounts as select id, email from auth.users; grant select on public.accounts to authenticated`,
  },
  {
    name: '0007 policy_exists_rls_disabled',
    level: 'ERROR',
    query: `
      select c.oid::regclass::text from ${relations}
      where not c.relrowsecurity and exists (select from pg_policy where polrelid = c.oid)`,
    mistake: 'alter table public.consents disable row level security',
  },
  {
    name: '0010 security_definer_view',
    level: 'ERROR',
    query: `
      select c.oid::regclass::text from ${relations}
      where c.relkind = 'v' and ${readable} and not coalesce((
        select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'
      ), false)`,
    mistake: 'alter view public.transcript_current set (security_invoker = false)',
  },
  {
    name: '0011 function_search_path_mutable',
    level: 'WARN',
    query: `
      select p.oid::regprocedure::text from ${functions}
      where ${own} and not exists (select from unnest(p.proconfig) s where s like 'search_path=%')`,
    mistake: 'alter function private.iso(timestamptz) reset search_path',
  },
  {
    name: '0013 rls_disabled_in_public',
    level: 'ERROR',
    query: `select c.oid::regclass::text from ${relations} where c.relkind in ('r', 'p') and not c.relrowsecurity`,
    mistake: 'create table public.lists (id integer primary key)',
  },
  {
    name: '0014 extension_in_public',
    level: 'WARN',
    query: `select e.extname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace where n.nspname in ${exposed}`,
    mistake: `update pg_extension set extnamespace = 'public'::regnamespace where extname = 'plpgsql'`,
  },
  {
    name: '0015 rls_references_user_metadata',
    level: 'ERROR',
    query: `select p.tablename || ': ' || p.policyname from pg_policies p where ${conditions} ~ 'user_metadata'`,
    mistake: `create policy "By metadata" on public.consents for select to authenticated
      using ((current_setting('request.jwt.claims')::jsonb -> 'user_metadata' ->> 'staff')::boolean)`,
  },
  {
    name: '0016 materialized_view_in_api',
    level: 'WARN',
    query: `select c.oid::regclass::text from ${relations} where c.relkind = 'm' and ${readable}`,
    mistake:
      'create materialized view public.counts as select 1 as n; grant select on public.counts to anon',
  },
  {
    name: '0017 foreign_table_in_api',
    level: 'WARN',
    query: `select c.oid::regclass::text from ${relations} where c.relkind = 'f' and ${readable}`,
    mistake: `create foreign data wrapper far; create server far foreign data wrapper far;
      create foreign table public.far (id integer) server far; grant select on public.far to anon`,
  },
  {
    name: '0019 insecure_queue_exposed_in_api',
    level: 'ERROR',
    query: `
      select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'pgmq' and c.relname ~ '^(q|a)_' and not c.relrowsecurity and 'pgmq_public' in ${exposed}`,
    mistake: `create schema pgmq; create table pgmq.q_jobs (id integer);
      select set_config('pgrst.db_schemas', 'public, pgmq_public', true)`,
  },
  {
    name: '0021 fkey_to_auth_unique',
    level: 'ERROR',
    query: `
      select k.conname::text from pg_constraint k
      join pg_class target on target.oid = k.confrelid and target.relnamespace = 'auth'::regnamespace
      where k.contype = 'f' and k.connamespace <> 'auth'::regnamespace
        and not exists (select from pg_index i where i.indexrelid = k.conindid and i.indisprimary)`,
    mistake: 'create table private.mails (email text references auth.users (email))',
  },
  {
    name: '0023 sensitive_columns_exposed',
    level: 'ERROR',
    query: `
      select a.attrelid::regclass || '.' || a.attname from pg_attribute a
      join (${relations}) on c.oid = a.attrelid
      where c.relkind in ('r', 'p') and not c.relrowsecurity and ${readable} and a.attname ~
        '(password|passwd|secret|api_key|token|jwt|otp|ssn|passport|iban|card_number|account_number|fingerprint)'`,
    mistake: 'create table public.keys (api_key text); grant select on public.keys to anon',
  },
  {
    name: '0024 rls_policy_always_true',
    level: 'WARN',
    query: `
      select p.tablename || ': ' || p.policyname from pg_policies p
      where p.permissive = 'PERMISSIVE' and p.roles && '{anon,authenticated,public}' and (
        ${conditions} ~ '(^| )\\(?(true|1 = 1)\\)?($| )'
        or p.qual is null and p.with_check is null
        or p.cmd in ('INSERT', 'UPDATE', 'ALL') and coalesce(p.with_check, p.qual) is null)`,
    mistake:
      'create policy "All for all" on public.consents to authenticated using (true) with check (true)',
  },
  {
    name: '0026 pg_graphql_anon_table_exposed',
    level: 'WARN',
    query: inGraphql('anon'),
    mistake: `update pg_extension set extname = 'pg_graphql' where extname = 'plpgsql'; grant select on public.consents to anon`,
  },
  {
    name: '0027 pg_graphql_authenticated_table_exposed',
    level: 'WARN',
    query: inGraphql('authenticated'),
    mistake: `update pg_extension set extname = 'pg_graphql' where extname = 'plpgsql'`,
  },
  {
    name: '0028 anon_security_definer_function_executable',
    level: 'WARN',
    query: executable('anon'),
    mistake: 'grant execute on function public.session_brief(uuid) to anon',
  },
  {
    name: '0029 authenticated_security_definer_function_executable',
    level: 'WARN',
    query: executable('authenticated'),
    mistake: 'grant execute on function public.session_brief(uuid) to authenticated',
  },
  {
    name: '0030 rls_policy_null_auth_disjunct',
    level: 'WARN',
    query: `
      select p.tablename || ': ' || p.policyname from pg_policies p
      where ${conditions} ~* '(uid|jwt|role)\\(\\)( AS \\w+)?\\)* IS NULL'`,
    mistake: `create policy "Anybody or themselves" on public.candidates for select to authenticated
      using (auth.uid() is null or user_id = auth.uid())`,
  },
];
