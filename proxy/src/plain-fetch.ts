import { Agent, request, type Dispatcher } from 'undici';

/** As many connections as there are requests: a pool that is full would queue them without a word. */
const dispatcher = new Agent({ connections: null, pipelining: 1, keepAliveTimeout: 30_000 });

/**
 * `fetch` for requests to an API: follows no redirect, sends bytes or text, and is read as text, JSON or bytes. The web
 * streams of the real one cost about as much as everything else that the proxy does for an offer.
 */
export const plainFetch = (async (input: string | URL, init: RequestInit = {}) => {
  const answer = await request(input, {
    method: init.method ?? 'GET',
    headers: init.headers as Record<string, string>,
    body: (init.body ?? null) as Uint8Array | string | null,
    signal: init.signal ?? null,
    dispatcher,
  });
  return plainResponse(answer);
}) as typeof fetch;

/** As much of a `Response` as such requests need. */
type PlainResponse = Pick<Response, 'status' | 'ok' | 'text' | 'json' | 'arrayBuffer'> & {
  headers: Pick<Headers, 'get'>;
  body: Pick<NonNullable<Response['body']>, 'cancel'> & AsyncIterable<Uint8Array>;
};

function plainResponse({ statusCode, headers, body }: Dispatcher.ResponseData): PlainResponse {
  return {
    status: statusCode,
    ok: statusCode >= 200 && statusCode < 300,
    headers: { get: (name) => [headers[name.toLowerCase()] ?? []].flat().join(', ') || null },
    text: () => body.text(),
    json: () => body.json(),
    arrayBuffer: () => body.arrayBuffer(),
    body: {
      cancel: () => body.dump(),
      // Read piece by piece where an answer may be too large to hold.
      [Symbol.asyncIterator]: () => body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
    },
  };
}
