import * as z from 'zod';
import { ProxyError } from '../proxy-error.ts';

const MAX_ERROR_BYTES = 16 * 1024;
const DEFAULT_RETRY_MS = 2_000;
const MAX_RETRY_MS = 60_000;

const Body = z.object({
  error: z.object({ code: z.string().nullish(), type: z.string().nullish() }),
});

/**
 * What a refusal of OpenAI means to us. Its text goes nowhere: it may hold part of a key, and it is of no use to a
 * candidate. Only its code is kept, for the log.
 */
export async function refusalOf(response: Response): Promise<ProxyError> {
  const code = await codeOf(response);
  const cause = new Error(`The provider answered ${response.status} ${code ?? ''}`.trim());
  if (response.status === 401 || response.status === 403) {
    return new ProxyError('upstream_auth', 'The interviewer is not set up rightly. Tell support.', {
      cause,
    });
  }
  if (response.status === 429) return tooMuch(response, code, cause);
  if (response.status === 400 && code === 'invalid_offer') {
    return new ProxyError('invalid_offer', 'The interviewer could not read the offer.', { cause });
  }
  if (response.status >= 500) {
    return new ProxyError('upstream_unavailable', 'The interviewer is unavailable. Try again.', {
      cause,
    });
  }
  return new ProxyError('upstream_rejected', 'The interviewer refused the call.', { cause });
}

function tooMuch(response: Response, code: string | null, cause: Error): ProxyError {
  if (code === 'insufficient_quota') {
    return new ProxyError('upstream_quota', 'The interviewer is not available. Tell support.', {
      cause,
    });
  }
  return new ProxyError('upstream_rate_limited', 'The interviewer is busy. Try again shortly.', {
    cause,
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
  });
}

/** `Retry-After` as seconds or as a date (RFC 9110 §10.2.3). */
function retryAfterMs(value: string | null): number {
  if (value === null || value.trim() === '') return DEFAULT_RETRY_MS;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  if (!Number.isFinite(ms)) return DEFAULT_RETRY_MS;
  return Math.min(Math.max(ms, 0), MAX_RETRY_MS);
}

async function codeOf(response: Response): Promise<string | null> {
  try {
    const text = await response.text();
    if (text.length > MAX_ERROR_BYTES) return null;
    const body = Body.parse(JSON.parse(text));
    const code = body.error.code ?? body.error.type ?? null;
    // A code is a word; anything else might carry what it should not.
    return code !== null && /^[a-z][a-z0-9_]{0,63}$/.test(code) ? code : null;
  } catch {
    return null;
  }
}
