import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SessionId } from '@interview/protocol';
import { transcriptHandler } from '../../../supabase/functions/interview-transcript/handler.ts';
import { openDatabase, type Database } from '../../../supabase/tests/database.ts';
import { settings } from '../../../supabase/tests/functions.ts';
import { makeTenant, startSession } from '../../../supabase/tests/world.ts';
import { postgrest } from './postgrest.ts';

/** Called around each RPC; never settling leaves the caller without an answer. */
export type Around = (name: string, args: Record<string, unknown>) => Promise<void> | void;

/** A Supabase project on loopback, as far as a proxy needs one: its real database, and the function for transcripts. */
export class TestDatabase {
  readonly sql: Database['sql'];
  readonly secretKey = settings.secretKeys[0] ?? '';
  before: Around = () => undefined;
  after: Around = () => undefined;
  url = '';
  session = '' as SessionId;
  readonly #database: Database;
  readonly #store: (request: Request) => Promise<Response>;
  readonly #server = createServer((request, response) => void this.#handle(request, response));

  private constructor(database: Database) {
    this.#database = database;
    this.sql = database.sql;
    const { rpc } = database;
    this.#store = transcriptHandler({ ...settings, rpc, now: Date.now, log: () => undefined });
  }

  /** With a tenant, and a session that can begin. */
  static async start(): Promise<TestDatabase> {
    const started = new TestDatabase(await openDatabase());
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    const { port } = started.#server.address() as AddressInfo;
    started.url = `http://127.0.0.1:${port}`;
    await started.anew();
    return started;
  }

  /** Another session, of another tenant. */
  async anew(): Promise<void> {
    // Calls of before must be nobody's to take up.
    await this.sql(
      'update public.session_calls set closed_at = coalesce(closed_at, now()), hung_up_at = now() where hung_up_at is null',
    );
    const tenant = await makeTenant(this.#database, 'northwind');
    this.session = (await startSession(this.#database, tenant)) as SessionId;
    this.before = this.after = () => undefined;
  }

  /** What a proxy must know of it. */
  get env(): Record<string, string> {
    return { SUPABASE_URL: this.url, SUPABASE_SECRET_KEY: this.secretKey };
  }

  /** Epoch of the lease of the session's newest call; null while there is none. */
  async epoch(): Promise<unknown> {
    const [lease] = await this.sql(
      `select l.epoch from public.call_leases l join public.session_calls c on c.id = l.call_id
       where c.session_id = $1 order by c.ordinal desc limit 1`,
      this.session,
    );
    return lease?.['epoch'] ?? null;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#database.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const name = /^\/rest\/v1\/rpc\/(\w+)/.exec(request.url ?? '')?.[1];
    if (name !== undefined) {
      const args = JSON.parse(body) as Record<string, unknown>;
      await this.before(name, args);
      const reply = await postgrest(() => this.#database.rpc(name, args));
      await this.after(name, args);
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body);
      return;
    }
    if (request.url === '/functions/v1/interview-transcript') {
      const headers = { apikey: this.secretKey, 'content-type': 'application/json' };
      const stored = await this.#store(new Request(this.url, { method: 'POST', headers, body }));
      response.writeHead(stored.status, { 'content-type': 'application/json' });
      response.end(await stored.text());
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }
}
