import * as z from 'zod';
import { readParameters, SessionPatch } from './conversation/session-schema.ts';
import { newSession, type Session } from './conversation/session.ts';
import { makeId } from './ids.ts';
import { RequestError } from './request-error.ts';

const DEFAULT_LIFE_S = 600;

const Request = z.strictObject({
  expires_after: z
    .strictObject({
      anchor: z.literal('created_at').default('created_at'),
      seconds: z.number().int().min(10).max(7200).default(DEFAULT_LIFE_S),
    })
    .optional(),
  session: SessionPatch.optional(),
});

/** A key that a browser may hold for a while. */
export interface ClientSecret {
  value: string;
  /** Unix time, seconds. */
  expires_at: number;
  session: Session;
}

/** Ephemeral keys (`ek_…`) and the sessions that they stand for. They may be used again until they expire. */
export class ClientSecrets {
  readonly #given = new Map<string, { expiresAt: number; session: SessionPatch }>();

  /**
   * Makes one of the request's body.
   *
   * @throws RequestError when the body is not what the provider takes.
   */
  create(body: unknown, nowMs: number = Date.now()): ClientSecret {
    const request = readParameters(Request, body ?? {}, '');
    const session = request.session ?? { type: 'realtime' };
    const life = request.expires_after?.seconds ?? DEFAULT_LIFE_S;
    const expiresAt = Math.floor(nowMs / 1000) + life;
    const value = makeId('ek');
    this.#given.set(value, { expiresAt, session });
    return { value, expires_at: expiresAt, session: newSession(session, { nowMs }) };
  }

  /**
   * The session of a bearer token: null for an API key, of which any will do.
   *
   * @throws RequestError `invalid_api_key` without a token, or for an ephemeral one that is unknown or expired.
   */
  check(token: string | null, nowMs: number = Date.now()): SessionPatch | null {
    if (token === null) {
      throw unauthorized('You did not provide an API key.');
    }
    if (!token.startsWith('ek_')) return null;
    const given = this.#given.get(token);
    if (!given || given.expiresAt * 1000 <= nowMs) {
      throw unauthorized('The ephemeral key is unknown or has expired.');
    }
    return given.session;
  }
}

function unauthorized(message: string): RequestError {
  return new RequestError('invalid_api_key', message, { status: 401 });
}
