import * as z from 'zod';
import { ProxyError } from '../proxy-error.ts';
import { readCapped } from './read-capped.ts';

const MAX_ERROR_BYTES = 16 * 1024;
const DEFAULT_RETRY_MS = 2_000;
const MAX_RETRY_MS = 60_000;

const Body = z.object({
  error: z.object({ code: z.string().nullish(), type: z.string().nullish() }),
});

/** What a refused request says, as far as it is of use here. */
interface Refusal {
  code: string | null;
  type: string | null;
}

/**
 * What a refusal of OpenAI means to us. Its text goes nowhere: it may hold part of a key, and it is of no use to a
 * candidate. Only its code is kept, for the log.
 */
export async function refusalOf(response: Response): Promise<ProxyError> {
  const { code, type } = await read(response);
  const { status } = response;
  const cause = new Error(`The provider answered ${status} ${code ?? type ?? ''}`.trim());
  const retryAfterMs = retryAfterOf(response.headers);
  const when = retryAfterMs === null ? {} : { retryAfterMs };
  if (status === 401 || status === 403) {
    return new ProxyError('upstream_auth', 'The interviewer is not set up rightly. Tell support.', {
      cause,
    });
  }
  // Also where the code names the limit and the type says that it is the account's.
  if ([code, type].includes('insufficient_quota')) {
    return new ProxyError('upstream_quota', 'The interviewer is not available. Tell support.', {
      cause,
      ...when,
    });
  }
  if (status === 429) {
    return new ProxyError('upstream_rate_limited', 'The interviewer is busy. Try again shortly.', {
      cause,
      retryAfterMs: retryAfterMs ?? DEFAULT_RETRY_MS,
    });
  }
  if (status === 400 && code === 'invalid_offer') {
    return new ProxyError('invalid_offer', 'The interviewer could not read the offer.', { cause });
  }
  if (status === 408 || status === 504) {
    return new ProxyError(
      'upstream_timeout',
      'The interviewer did not answer in time. Try again.',
      {
        cause,
        ...when,
      },
    );
  }
  if (status >= 500) {
    return new ProxyError('upstream_unavailable', 'The interviewer is unavailable. Try again.', {
      cause,
      ...when,
    });
  }
  return new ProxyError('upstream_rejected', 'The interviewer refused the call.', { cause });
}

/** `retry-after-ms`, which OpenAI and Azure add, or `Retry-After` as seconds or as a date (RFC 9110 §10.2.3). */
function retryAfterOf(headers: Headers): number | null {
  const exact = headers.get('retry-after-ms')?.trim();
  const value = headers.get('retry-after')?.trim();
  if (!exact && !value) return null;
  const ms = isNumber(exact)
    ? Number(exact)
    : isNumber(value)
      ? Number(value) * 1000
      : Date.parse(value ?? '') - Date.now();
  if (!Number.isFinite(ms)) return DEFAULT_RETRY_MS;
  return Math.min(Math.max(ms, 0), MAX_RETRY_MS);
}

function isNumber(value: string | undefined): boolean {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value);
}

async function read(response: Response): Promise<Refusal> {
  try {
    const bytes = await readCapped(response, MAX_ERROR_BYTES);
    const { error } = Body.parse(JSON.parse(bytes?.toString('utf8') ?? ''));
    return { code: wordOf(error.code), type: wordOf(error.type) };
  } catch {
    return { code: null, type: null };
  }
}

/** A code is a word; anything else might carry what it should not. */
function wordOf(value: string | null | undefined): string | null {
  return value != null && /^[A-Za-z][A-Za-z0-9_]{0,47}$/.test(value) ? value : null;
}
