import type { FastifyInstance } from 'fastify';
import { admit } from '../plugins/auth.ts';
import type { LiveSessions } from '../sessions/live-sessions.ts';
import { renewToken } from '../sessions/renew-token.ts';

/** `POST /v1/token`: a fresh token for one that has not run out. */
export function tokenRoutes(
  app: FastifyInstance,
  { sessions }: { sessions: LiveSessions },
  done: () => void,
): void {
  app.post('/v1/token', async (request) => {
    const held = await admit(app, request);
    const { token, claims } = await sessions.during(held.claims.sid, (session) =>
      renewToken(app.sessionTokens, session, held),
    );
    return { token, expires_at: claims.exp };
  });
  done();
}
