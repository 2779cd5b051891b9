import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SessionId } from '@interview/protocol';
import { mintSessionToken } from '../../../supabase/functions/_shared/session-token.ts';
import { transcriptHandler } from '../../../supabase/functions/interview-transcript/handler.ts';
import { processorHandler } from '../../../supabase/functions/transcript-processor/handler.ts';
import { openDatabase, type Database } from '../../../supabase/tests/database.ts';
import { settings } from '../../../supabase/tests/functions.ts';
import { makeTenant, startSession, type Tenant } from '../../../supabase/tests/world.ts';
import { postgrest } from './postgrest.ts';
import { pageOrigin } from './proxy.ts';

const [secretKey = ''] = settings.secretKeys;

/** A Supabase project on this machine: Postgres with every migration, and the real functions before it. */
export class Project {
  readonly database: Database;
  /** What a proxy needs to know of it. */
  readonly environment: Record<string, string>;
  readonly #server: Server;
  readonly #tenant: Tenant;

  private constructor(database: Database, tenant: Tenant, server: Server) {
    this.database = database;
    this.#tenant = tenant;
    this.#server = server;
    this.environment = {
      SUPABASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      SUPABASE_SECRET_KEY: secretKey,
      JWT_SECRET: settings.jwtSecret,
    };
  }

  static async open(): Promise<Project> {
    const database = await openDatabase();
    const tenant = await makeTenant(database, 'northwind');
    const dependencies = { ...settings, rpc: database.rpc, now: Date.now, log: () => undefined };
    const functions: Record<string, (request: Request) => Promise<Response>> = {
      '/functions/v1/interview-transcript': transcriptHandler(dependencies),
      '/functions/v1/transcript-processor': processorHandler(dependencies),
    };
    const server = createServer((incoming, outgoing) => {
      void (async () => {
        const request = await read(incoming);
        const { pathname } = new URL(request.url);
        const reply = await (functions[pathname]?.(request) ??
          callRpc(database, pathname, request));
        outgoing.writeHead(reply.status, { 'content-type': 'application/json' });
        outgoing.end(await reply.text());
      })();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Project(database, tenant, server);
  }

  /** A session that has begun, and the token that its page holds. */
  async newSession(): Promise<{ id: SessionId; token: string }> {
    const id = (await startSession(this.database, this.#tenant)) as SessionId;
    const { token } = await mintSessionToken(
      {
        candidateId: randomUUID(),
        sessionId: id,
        tenantId: this.#tenant.id,
        origins: [pageOrigin],
        simulation: false,
      },
      settings.jwtSecret,
      Date.now(),
    );
    return { id, token };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    await this.database.close();
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return new Request(new URL(incoming.url ?? '', 'http://127.0.0.1'), {
    method: incoming.method ?? 'POST',
    headers,
    body: Buffer.concat(chunks),
  });
}

async function callRpc(database: Database, path: string, request: Request): Promise<Response> {
  const name = /^\/rest\/v1\/rpc\/([a-z_]+)$/.exec(path)?.[1];
  if (name === undefined) return Response.json({ message: 'Nothing here.' }, { status: 404 });
  const args = (await request.json()) as Record<string, unknown>;
  const { status, body } = await postgrest(() => database.rpc(name, args));
  return new Response(body, { status });
}
