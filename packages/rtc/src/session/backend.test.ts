import type { SupabaseClient } from '@supabase/supabase-js';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { InterviewError } from '../errors.ts';
import type { FunctionsClient, InterviewSessionOptions } from '../options.ts';
import { lookReply, startReply } from '../testing/replies.ts';
import { Backend } from './backend.ts';

const request = { step: 'look' as const, locale: 'en' };
const never = new AbortController().signal;

function backend(
  options: Partial<InterviewSessionOptions>,
  fetch: typeof globalThis.fetch = () => Promise.reject(new TypeError('No network.')),
): Backend {
  return new Backend(options, fetch);
}

function refusal(status: number, code: string, retryable = false): Response {
  return Response.json({ error: { code, message: 'Do this.', retryable } }, { status });
}

async function errorOf(work: Promise<unknown>): Promise<InterviewError> {
  return work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(InterviewError);
      return error as InterviewError;
    },
  );
}

afterEach(() => vi.useRealTimers());

describe('Backend', () => {
  it('posts to the start address, with the publishable key', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(Response.json(lookReply)));
    const options = { startUrl: 'https://start.test/', supabaseKey: 'sb_publishable_x' };
    expect(await backend(options, fetch).look(request, never)).toEqual(lookReply);
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe('https://start.test/');
    expect(init).toMatchObject({ method: 'POST', body: JSON.stringify(request) });
    expect(new Headers(init?.headers).get('apikey')).toBe('sb_publishable_x');
  });

  it('asks a backend of the page’s own in its place', async () => {
    const own = vi.fn(() => Promise.resolve<unknown>(startReply));
    const start = { ...request, step: 'start' as const };
    expect(await backend({ backend: own }).start(start, never)).toEqual(startReply);
    expect(own).toHaveBeenCalledWith(start, expect.any(AbortSignal));
  });

  it('asks by a supabase-js client, whatever its version', async () => {
    const invoke = vi.fn(() => Promise.resolve({ data: lookReply, error: null }));
    expect(await backend({ supabase: { functions: { invoke } } }).look(request, never)).toEqual(
      lookReply,
    );
    expect(invoke).toHaveBeenCalledWith(
      'interview-start',
      expect.objectContaining({ body: request }),
    );
    // A type, and nothing at run time: the client of supabase-js fits where ours is asked for.
    expectTypeOf<SupabaseClient>().toExtend<FunctionsClient>();
  });

  it('reads a refusal out of what supabase-js throws around it', async () => {
    const error = { name: 'FunctionsHttpError', context: refusal(410, 'invitation_expired') };
    const invoke = () => Promise.resolve({ data: null, error });
    const failure = await errorOf(
      backend({ supabase: { functions: { invoke } } }).look(request, never),
    );
    expect(failure).toMatchObject({ code: 'invitation_expired', message: 'Do this.' });
  });

  it.each<[string, Partial<InterviewSessionOptions>, (() => Promise<Response>) | null, string]>([
    ['no network', { startUrl: 'https://start.test/' }, null, 'start_unreachable'],
    [
      'a client without a network',
      {
        supabase: {
          functions: {
            invoke: () => Promise.resolve({ data: null, error: new Error('FunctionsFetchError') }),
          },
        },
      },
      null,
      'start_unreachable',
    ],
    [
      'a backend that throws',
      { backend: () => Promise.reject(new Error('x')) },
      null,
      'start_unreachable',
    ],
    [
      'a busy server',
      { startUrl: 'https://start.test/' },
      () => Promise.resolve(refusal(503, 'storage_unavailable')),
      'start_unreachable',
    ],
    [
      'a page of HTML',
      { startUrl: 'https://start.test/' },
      () => Promise.resolve(new Response('<html>')),
      'start_refused',
    ],
    [
      'an unknown refusal',
      { startUrl: 'https://start.test/' },
      () => Promise.resolve(refusal(400, 'new_code')),
      'start_refused',
    ],
    [
      'a mode that the interview does not have',
      { startUrl: 'https://start.test/' },
      () => Promise.resolve(refusal(422, 'unsupported')),
      'unsupported',
    ],
    [
      'a limit that no waiting lifts',
      { startUrl: 'https://start.test/' },
      () => Promise.resolve(refusal(429, 'session_limit')),
      'start_refused',
    ],
    [
      'a limit that is over soon',
      { startUrl: 'https://start.test/' },
      () => Promise.resolve(refusal(429, 'rate_limited', true)),
      'start_unreachable',
    ],
    ['nobody to ask', {}, null, 'start_refused'],
  ])('tells %s by its code', async (_, options, answer, code) => {
    const fetch = answer ?? (() => Promise.reject(new TypeError('No network.')));
    expect((await errorOf(backend(options, fetch).look(request, never))).code).toBe(code);
  });

  it('gives up after fifteen seconds, also on a backend that ignores its signal', async () => {
    vi.useFakeTimers();
    let given: AbortSignal | undefined;
    const silent = (_: unknown, signal: AbortSignal): Promise<unknown> => {
      given = signal;
      return new Promise(() => undefined);
    };
    const failing = errorOf(backend({ backend: silent }).look(request, never));
    await vi.advanceTimersByTimeAsync(14_999);
    expect(given?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await failing).toMatchObject({ code: 'start_timeout', retryable: true });
    expect(given?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('ends with its signal', async () => {
    const abort = new AbortController();
    const failing = errorOf(
      backend({ backend: () => new Promise(() => undefined) }).look(request, abort.signal),
    );
    abort.abort();
    expect((await failing).code).toBe('aborted');
  });
});
