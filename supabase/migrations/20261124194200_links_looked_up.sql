-- Deleting an account, or an interview that is a tenant's default, looks for each row that names it. Most rows name nobody,
-- so these indexes are small.
do $$
declare
  v_link record;
begin
  for v_link in
    select c.conrelid::regclass as child, r.relname as name, a.attname as link
    from pg_catalog.pg_constraint c
    join pg_catalog.pg_class r on r.oid = c.conrelid
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.confdeltype = 'n'
      and not exists (
        select from pg_catalog.pg_index i where i.indrelid = c.conrelid and (i.indkey::int2[])[0] = c.conkey[1]
      )
  loop
    execute format(
      'create index %I on %s (%I) where %I is not null',
      v_link.name || '_' || v_link.link, v_link.child, v_link.link, v_link.link
    );
  end loop;
end
$$;
