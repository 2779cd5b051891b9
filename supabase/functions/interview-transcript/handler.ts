import {
  Acknowledgement,
  checkEntries,
  DELIVERY_GRACE_S,
  TranscriptBatch,
  type SessionClaims,
} from '@interview/protocol';
import { credentialOf } from '../_shared/credential.ts';
import { call, type Rpc } from '../_shared/database.ts';
import { endpoint, type EndpointOptions } from '../_shared/endpoint.ts';
import { readJson } from '../_shared/read-json.ts';
import { malformed, Refusal } from '../_shared/refusal.ts';
import { isOneOf } from '../_shared/secrets.ts';
import { readSessionToken, type PublishedKeys } from '../_shared/session-token.ts';

/** What `interview-transcript` is built of. */
export interface TranscriptDependencies extends EndpointOptions {
  rpc: Rpc;
  /** Keys of the service: the proxy holds one. */
  secretKeys: readonly string[];
  jwtSecret: string;
  jwtSecretPrevious: string | null;
  /** Of an issuer that signs session tokens in place of `interview-start`. */
  publishedKeys?: PublishedKeys | null;
  /** The time, milliseconds. */
  now: () => number;
}

/** Room for a batch whose text is all escapes; an ordinary one stays below MAX_BATCH_BYTES. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * `POST /functions/v1/interview-transcript`: takes rows of one writer and says what is committed. The proxy writes with
 * the service's key, a page with its session token, and a page only what pages write in its own session.
 */
export function transcriptHandler(
  deps: TranscriptDependencies,
): (request: Request) => Promise<Response> {
  return endpoint(deps, async (request) => {
    const claims = await claimsOf(deps, request);
    const body = await readJson(request, MAX_BODY_BYTES);
    const batch = TranscriptBatch.safeParse(body);
    if (!batch.success) throw malformed(batch.error.issues);
    const { session_id, writer_id, entries } = batch.data;
    const source = writer_id.startsWith('s_') ? 'server' : 'browser';
    if (claims !== 'service' && (claims.sid !== session_id || source !== 'browser')) {
      throw new Refusal('session_mismatch');
    }
    return call(
      deps.rpc,
      'store_entries',
      {
        p_session: session_id,
        p_writer: writer_id,
        p_source: source,
        p_entries: checkEntries(entries, writer_id),
      },
      Acknowledgement,
    );
  });
}

async function claimsOf(
  deps: TranscriptDependencies,
  request: Request,
): Promise<SessionClaims | 'service'> {
  if (await isOneOf(request.headers.get('apikey') ?? '', deps.secretKeys)) return 'service';
  const credential = credentialOf(request);
  if (credential.kind === 'none') throw new Refusal('token_missing');
  if (credential.kind !== 'session') {
    throw new Refusal('token_invalid', 'Send the session token that interview-start gave.');
  }
  const secrets = [deps.jwtSecret, deps.jwtSecretPrevious].filter((secret) => secret !== null);
  const keys = { secrets, published: deps.publishedKeys ?? null };
  const claims = await readSessionToken(credential.token, keys, deps.now(), DELIVERY_GRACE_S);
  const origin = request.headers.get('origin');
  if (origin !== null && !claims.org.includes(origin)) throw new Refusal('origin_not_allowed');
  return claims;
}
