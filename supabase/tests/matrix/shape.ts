import { relations } from '../api.ts';
import type { Database } from '../database.ts';

/** Which columns a relation shows, and how its rows belong to a tenant and to a candidate. */
export interface Shape {
  shown: string;
  /** Conditions on $1: a tenant's id, or a session's. */
  tenant: string;
  candidate: string;
  tenantColumn: string | null;
  /** A column that can be set. */
  settable: string;
}

export async function shapeOf({ sql }: Database, relation: string): Promise<Shape> {
  const columns = (
    await sql(
      `select attname, attidentity <> '' as identity from pg_attribute
       where attrelid = ('public.' || $1)::regclass and attnum > 0 and not attisdropped order by attnum`,
      relation,
    )
  ).map(({ attname, identity }) => ({ name: String(attname), identity: identity === true }));
  const has = (name: string) => columns.some((column) => column.name === name);
  const sessions = 'select id from public.interview_sessions where tenant_id = $1';
  const calls = 'select id from public.session_calls where tenant_id = $1';
  const tenantColumn = relation === 'tenants' ? 'id' : has('tenant_id') ? 'tenant_id' : null;
  const tenant =
    tenantColumn !== null
      ? `${tenantColumn} = $1`
      : has('session_id')
        ? `session_id in (${sessions})`
        : has('call_id')
          ? `call_id in (${calls})`
          : null;
  if (tenant === null) throw new Error(`Nobody can tell whose the rows of ${relation} are.`);
  const mine = '(select candidate_id from public.interview_sessions where id = $1)';
  const candidate =
    relation === 'interview_sessions'
      ? 'id = $1'
      : relation === 'candidates'
        ? `id = ${mine}`
        : has('session_id')
          ? 'session_id = $1'
          : has('candidate_id')
            ? `candidate_id = ${mine}`
            : 'false and $1::uuid is null';
  const hidden = relations[relation]?.hidden ?? [];
  const shown = columns.map(({ name }) => name).filter((name) => !hidden.includes(name));
  const settable = columns.find(({ identity }) => !identity)?.name ?? 'id';
  return { shown: shown.join(', '), tenant, candidate, tenantColumn, settable };
}
