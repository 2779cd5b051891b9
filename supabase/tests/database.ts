import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Rpc } from '../functions/_shared/database.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

/** Whose rights a statement runs with. */
export type Caller = 'anon' | 'service' | { user: string };

/** A connection that runs one thing after the other. */
export interface Connection {
  query: (statement: string, values: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  /** Runs several statements, without parameters. */
  execute: (statements: string) => Promise<void>;
}

/** An engine with a database of its own. */
export interface Engine extends Connection {
  name: 'pglite' | 'postgres';
  /** Runs `work` in a transaction on a connection of its own, where the engine has several. */
  transaction: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
}

/** The project's database as tests use it. */
export interface Database {
  engine: Engine['name'];
  /** As its owner, whom RLS doesn't bind. */
  sql: (statement: string, ...values: unknown[]) => Promise<Record<string, unknown>[]>;
  /** As somebody who comes over the API. */
  as: (
    caller: Caller,
    statement: string,
    ...values: unknown[]
  ) => Promise<Record<string, unknown>[]>;
  /** Calls a function over the API, as the proxy and the edge functions do. */
  rpc: Rpc;
  /** The same as somebody else. */
  rpcAs: (caller: Caller, name: string, args: Record<string, unknown>) => Promise<unknown>;
  /** Runs `work` as the owner and undoes all of it. */
  undone: (work: (connection: Connection) => Promise<void>) => Promise<void>;
  close: () => Promise<void>;
}

/** What a Supabase project has before its first migration. */
export const platform = `
  create role anon nologin;
  create role authenticated nologin;
  create role service_role nologin bypassrls;
  create schema auth;
  create table auth.users (id uuid primary key default gen_random_uuid(), email text unique);
  create function auth.uid() returns uuid language sql stable as $$
    select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid
  $$;
  grant usage on schema auth, public to anon, authenticated, service_role;
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  alter default privileges in schema public grant execute on functions to anon, authenticated, service_role;
`;

/** Opens an empty project with all migrations: on PGlite, or on Postgres where SQL_ENGINE=postgres and it is there. */
export async function openDatabase(): Promise<Database> {
  const statements = projectStatements();
  if (process.env['SQL_ENGINE'] !== 'postgres') return project(await openPglite(statements));
  const postgres = await openPostgres(statements);
  if (postgres === null) console.warn('There is no Postgres on this machine, so this is PGlite.');
  return project(postgres ?? (await openPglite(statements)));
}

/** What makes an empty database a project of ours: what Supabase has, and all migrations. */
export function projectStatements(): string[] {
  return [platform, ...migrations()];
}

/** The migrations' texts, in order. */
export function migrations(): string[] {
  const folder = fileURLToPath(new URL('../migrations/', import.meta.url));
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name) => readFileSync(`${folder}${name}`, 'utf8'));
}

/** The text of the demonstration. */
export function seed(): string {
  return readFileSync(fileURLToPath(new URL('../seed.sql', import.meta.url)), 'utf8');
}

/** A project on an engine that has it already. */
export function project(engine: Engine): Database {
  const as: Database['as'] = (caller, statement, ...values) =>
    engine.transaction(async (connection) => {
      await become(connection, caller);
      return connection.query(statement, values);
    });
  const rpcAs: Database['rpcAs'] = async (caller, name, args) => {
    const given = Object.entries(args).filter(([, value]) => value !== undefined);
    const names = given.map(([key], index) => `${key} => $${index + 1}`);
    const values = given.map(([, value]) =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    );
    const rows = await as(
      caller,
      `select public.${name}(${names.join(', ')}) as result`,
      ...values,
    );
    return rows[0]?.['result'];
  };
  return {
    engine: engine.name,
    sql: (statement, ...values) => engine.query(statement, values),
    as,
    rpc: (name, args) => rpcAs('service', name, args),
    rpcAs,
    undone: async (work) => {
      const undo = new Error('undone');
      await engine
        .transaction(async (connection) => {
          await work(connection);
          throw undo;
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error;
        });
    },
    close: engine.close,
  };
}

/** Takes a caller's role for the rest of the transaction. */
export async function become(connection: Connection, caller: Caller): Promise<void> {
  const { role, claims } = rights(caller);
  await connection.query(`select set_config('request.jwt.claims', $1, true)`, [claims]);
  await connection.execute(`set local role ${role}`);
}

/** The role that the API takes for a caller, and the claims of their token as it hands them on. */
export function rights(caller: Caller): { role: string; claims: string } {
  const role = caller === 'service' ? 'service_role' : caller === 'anon' ? 'anon' : 'authenticated';
  return {
    role,
    claims: JSON.stringify(typeof caller === 'object' ? { sub: caller.user, role } : { role }),
  };
}
