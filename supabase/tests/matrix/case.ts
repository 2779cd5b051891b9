import type { Interview, Reader } from '../api.ts';
import { rights, type Caller, type Connection } from '../database.ts';
import type { Populated } from './whole-tenant.ts';

/** Something that is to hold, and that can be tried in any state of the database. */
export interface Case {
  /** `<relation or function>: <what holds>`. */
  name: string;
  /** What is wrong, a line for each. */
  faults: (connection: Connection) => Promise<string[]>;
}

/** Somebody who comes over the API, and which tenant they belong to, if any. */
export interface Person {
  name: string;
  caller: Caller;
  of: Populated | null;
  role: Reader | null;
  /** The interview that a candidate gave. */
  own?: Interview;
}

export type Row = Record<string, unknown>;

/** What somebody tries: one statement, of which rows come back where it `reads`. */
export interface Try {
  caller: Caller;
  statement: string;
  reads: boolean;
}

/**
 * Tries statements as people over the API in one round trip, each undone by itself: the rows of each, or the SQLSTATE
 * that it was refused with.
 */
export async function attempt(
  connection: Connection,
  tries: readonly Try[],
): Promise<(Row[] | string)[]> {
  const given = tries.map(({ caller, statement, reads }) => ({
    ...rights(caller),
    statement,
    reads,
  }));
  const rows = await connection.query(
    `select testing.attempt(t.role, t.claims, t.statement, t.reads) as outcome
     from rows from (jsonb_to_recordset($1::jsonb) as (role text, claims text, statement text, reads boolean))
       with ordinality as t (role, claims, statement, reads, ordinal)
     order by t.ordinal`,
    [JSON.stringify(given)],
  );
  return rows.map(({ outcome }) => outcome as Row[] | string);
}

/** Makes what `attempt` calls. What was done is undone by the exception that brings the rows back. */
export const attempting = [
  'create schema testing',
  `create function testing.attempt(p_role text, p_claims text, p_statement text, p_reads boolean) returns jsonb
  language plpgsql as $$
  declare
    v_rows jsonb := '[]';
  begin
    perform set_config('request.jwt.claims', p_claims, true);
    execute format('set local role %I', p_role);
    if p_reads then
      execute format('select coalesce(jsonb_agg(to_jsonb(t)), ''[]'') from (%s) t', p_statement) into v_rows;
    else
      execute p_statement;
    end if;
    raise exception using errcode = 'ZZ999', message = v_rows::text;
  exception
    when sqlstate 'ZZ999' then return sqlerrm::jsonb;
    when others then return to_jsonb(sqlstate);
  end
  $$`,
];

/** A value as it stands in a statement. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'`;
}
