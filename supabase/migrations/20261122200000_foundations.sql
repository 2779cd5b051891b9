-- What every other migration leans on: a schema that the API doesn't expose, and a few pure functions.

create schema if not exists private;
revoke all on schema private from public;
-- Policies call predicates from here, so whoever reads tables under RLS must be able to reach them.
grant usage on schema private to authenticated, service_role;

-- SHA-256 of a text's UTF-8, lower-case hex. The core function, so that no extension is needed.
create function private.sha256_hex(p_text text) returns text
language sql immutable strict parallel safe set search_path = ''
as $$ select encode(sha256(convert_to(p_text, 'UTF8')), 'hex') $$;

-- ISO 8601 with T and Z. Drivers print timestamps differently, this reads alike everywhere.
create function private.iso(p_at timestamptz) returns text
language sql stable strict parallel safe set search_path = ''
as $$ select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- 32 bytes of strong randomness, base64url. gen_random_uuid() draws on pg_strong_random: 3 × 122 bits go in.
create function private.random_token() returns text
language sql volatile parallel safe set search_path = ''
as $$
  select rtrim(translate(encode(sha256(
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
  ), 'base64'), '+/', '-_'), '=')
$$;

-- An expected refusal. It is a result and not an exception, so that what was written before it stays.
create function private.refusal(p_code text) returns jsonb
language sql immutable parallel safe set search_path = ''
as $$ select jsonb_build_object('error', p_code) $$;

create function private.refuse_change() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception 'rows of %.% are never changed, only added', tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end
$$;

revoke all on all functions in schema private from public;
