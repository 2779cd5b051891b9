import type { SessionId } from '@interview/protocol';
import { mintSessionToken } from '../../../supabase/functions/_shared/session-token.ts';
import { transcriptHandler } from '../../../supabase/functions/interview-transcript/handler.ts';
import { openDatabase, type Database } from '../../../supabase/tests/database.ts';
import { settings } from '../../../supabase/tests/functions.ts';
import { makeTenant, openCall, startSession, type Tenant } from '../../../supabase/tests/world.ts';
import type { Random } from './random.ts';
import type { Weather } from './weather.ts';

export const origin = 'https://jobs.example';
export const supabaseUrl = 'https://project.supabase.co';
export const { jwtSecret } = settings;
export const secretKey = settings.secretKeys[0] ?? '';

/** A session with a call, as a page finds it. */
export interface Session {
  id: SessionId;
  call: string;
  token: string;
}

/** The Supabase project: Postgres with every migration, and the real function before it. One serves all schedules. */
export class Backend {
  readonly database: Database;
  readonly #tenant: Tenant;
  readonly #store: (request: Request) => Promise<Response>;

  private constructor(database: Database, tenant: Tenant) {
    this.database = database;
    this.#tenant = tenant;
    const { rpc } = database;
    this.#store = transcriptHandler({ ...settings, rpc, now: Date.now, log: () => undefined });
  }

  static async open(): Promise<Backend> {
    const database = await openDatabase();
    return new Backend(database, await makeTenant(database, 'northwind'));
  }

  close(): Promise<void> {
    return this.database.close();
  }

  async newSession(): Promise<Session> {
    const id = (await startSession(this.database, this.#tenant)) as SessionId;
    const call = await openCall(this.database, id);
    const { token } = await mintSessionToken(
      {
        candidateId: crypto.randomUUID(),
        sessionId: id,
        tenantId: this.#tenant.id,
        origins: [origin],
        simulation: false,
      },
      jwtSecret,
      Date.now(),
    );
    return { id, call, token };
  }

  /** The way from a proxy to the project, in some weather. */
  fetch(weather: Weather, random: Random): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      const struck = (odds: 'slow' | 'twice', name: string) =>
        weather.strikes(random, odds, `function ${name}`);
      const failure = weather.choose(random, 'fail', ['refused', 'answer lost', 'answer spoilt']);
      const twice = struck('twice', 'asked twice') ? request.clone() : null;
      if (struck('slow', 'slow to begin')) await pause(random);
      if (failure === 'refused') return new Response('{}', { status: 500 });
      const again = twice ? this.#serve(twice) : null;
      const reply = await this.#serve(request);
      await again;
      if (struck('slow', 'slow to answer')) await pause(random);
      if (failure === 'answer lost') throw new TypeError('The connection was reset.');
      return failure === null ? reply : new Response('<html>Bad gateway</html>');
    };
  }

  async #serve(request: Request): Promise<Response> {
    // PGlite works in this very thread, and the disks of all schedules wait for their turn.
    await new Promise((resolve) => setImmediate(resolve));
    const { pathname } = new URL(request.url);
    if (pathname === '/functions/v1/interview-transcript') return this.#store(request);
    const name = /^\/rest\/v1\/rpc\/([a-z_]+)$/.exec(pathname)?.[1];
    if (name === undefined) return Response.json({});
    const args = (await request.json()) as Record<string, unknown>;
    return Response.json(await this.database.rpc(name, args));
  }
}

function pause(random: Random): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, random.between(1, 60)));
}
