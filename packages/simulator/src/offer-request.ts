import type { FastifyRequest } from 'fastify';
import { readParameters, SessionPatch } from './conversation/session-schema.ts';
import { RequestError } from './request-error.ts';

/** What a request for a call holds. */
export interface OfferRequest {
  sdp: string;
  /** null where the request has none of its own. */
  session: SessionPatch | null;
}

/**
 * Reads a request for a call: `multipart/form-data` with the parts `sdp` and `session`, or a bare offer.
 *
 * @throws RequestError `invalid_offer`, or what is wrong with the session.
 */
export async function readOfferRequest(request: FastifyRequest): Promise<OfferRequest> {
  const type = request.headers['content-type'] ?? '';
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (!type.startsWith('multipart/form-data')) return { sdp: body.toString(), session: null };
  const form = await readForm(body, type);
  const sdp = await textOf(form.get('sdp'));
  if (sdp === null) {
    throw new RequestError('missing_required_parameter', "Missing required parameter: 'sdp'.", {
      param: 'sdp',
    });
  }
  const session = await textOf(form.get('session'));
  return { sdp, session: session === null ? null : readSession(session) };
}

async function readForm(body: Buffer, type: string): Promise<FormData> {
  try {
    const response = new Response(Uint8Array.from(body), { headers: { 'content-type': type } });
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- warns of large bodies; these are at most 1 MiB
    return await response.formData();
  } catch {
    throw new RequestError('invalid_multipart', 'The multipart body can not be read.');
  }
}

async function textOf(part: { text(): Promise<string> } | string | null): Promise<string | null> {
  return part === null || typeof part === 'string' ? part : part.text();
}

function readSession(json: string): SessionPatch {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new RequestError('invalid_json', "The part 'session' is no JSON.", { param: 'session' });
  }
  return readParameters(SessionPatch, value, 'session');
}
