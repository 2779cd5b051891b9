import { openDatabase, type Database } from '../../supabase/tests/database.ts';
import { makeTenant } from '../../supabase/tests/world.ts';
import type { Storage } from '../src/storage/port.ts';
import { supabaseStorage } from '../src/storage/supabase.ts';

const TENANTS = 20;
const SESSIONS = 1_000;

/**
 * The production storage over a database with all migrations, on Postgres where `SQL_ENGINE=postgres` and it is
 * installed. What lies between in production, the API and the network to it, is not there.
 */
export async function postgresStorage(): Promise<{
  engine: string;
  storage: Storage;
  sessions: string[];
  close: () => Promise<void>;
}> {
  const database = await openDatabase();
  const sessions: string[] = [];
  for (let tenants = 0; tenants < TENANTS; tenants += 1)
    sessions.push(...(await addTenant(database)));
  const viaDatabase = (async (url: string | URL, init?: RequestInit) => {
    const name = new URL(url).pathname.split('/').at(-1) ?? '';
    const parameters = JSON.parse(init?.body as string) as Record<string, unknown>;
    return Response.json(await database.rpc(name, parameters));
  }) as typeof fetch;
  const storage = supabaseStorage({
    url: 'http://database',
    secretKey: 'sb_secret_bench',
    fetch: viaDatabase,
  });
  return {
    engine: database.engine,
    storage,
    sessions: inTurn(sessions),
    close: database.close,
  };
}

/** The sessions of a new tenant. */
async function addTenant(database: Database): Promise<string[]> {
  const { id, interview } = await makeTenant(database, 'bench');
  await database.sql('update public.tenants set max_live_calls = 100000 where id = $1', id);
  const rows = await database.sql(
    `with candidate as (insert into public.candidates (tenant_id) values ($1) returning id)
     insert into public.interview_sessions (tenant_id, interview_id, candidate_id, locale)
     select $1, $2, candidate.id, 'en' from candidate, generate_series(1, ${SESSIONS}) returning id`,
    id,
    interview,
  );
  return rows.map((row) => String(row['id']));
}

/** One of each tenant after the other. */
function inTurn(sessions: readonly string[]): string[] {
  return sessions.map(
    (_, at) => sessions[(at % TENANTS) * SESSIONS + Math.floor(at / TENANTS)] ?? '',
  );
}
