import { errorBody, errorMeaning } from '@interview/protocol';
import { corsHeaders, isAnswerable, preflightHeaders } from './cors.ts';
import { Refusal } from './refusal.ts';

export interface EndpointOptions {
  /** Pages on this machine may call without TLS. */
  local: boolean;
  /** Takes a line for operators. It never holds tokens, names or what was said. */
  log: (line: Record<string, unknown>) => void;
}

/**
 * The door that every function shares: preflights, the method, CORS and the one shape of errors. `answer` returns what
 * is sent as JSON, or a file as a Response, or throws a Refusal; anything else that it throws is told as `internal` and
 * no more.
 */
export function endpoint(
  options: EndpointOptions,
  answer: (request: Request) => Promise<unknown>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const requestId = crypto.randomUUID();
    const origin = request.headers.get('origin');
    const headers = {
      ...corsHeaders(origin, options.local),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    };
    if (request.method === 'OPTIONS' && origin !== null && isAnswerable(origin, options.local)) {
      return new Response(null, { status: 204, headers: { ...headers, ...preflightHeaders() } });
    }
    try {
      if (origin !== null && !isAnswerable(origin, options.local)) {
        throw new Refusal('origin_not_allowed');
      }
      if (request.method !== 'POST') throw new Refusal('method_not_allowed', 'Send POST.');
      const answered = await answer(request);
      if (!(answered instanceof Response)) return Response.json(answered, { headers });
      for (const [name, value] of Object.entries(headers)) answered.headers.set(name, value);
      return answered;
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('internal');
      const fault = error instanceof Refusal ? {} : { fault: faultOf(error) };
      if (errorMeaning(refusal.code).status >= 500) {
        options.log({ request_id: requestId, code: refusal.code, ...fault });
      }
      return refuse(refusal, requestId, headers);
    }
  };
}

function refuse(refusal: Refusal, requestId: string, headers: Record<string, string>): Response {
  return Response.json(errorBody(refusal.code, refusal.message, requestId), {
    status: errorMeaning(refusal.code).status,
    headers: {
      ...headers,
      ...(refusal.code === 'method_not_allowed' && { allow: 'POST, OPTIONS' }),
      ...(refusal.retryAfterS !== null && { 'retry-after': String(refusal.retryAfterS) }),
    },
  });
}

function faultOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
}
