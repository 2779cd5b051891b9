import { isErrorCode } from '@interview/protocol';
import * as z from 'zod';
import { ProxyError } from '../proxy-error.ts';
import { refused, unavailable } from './refused.ts';
import { read, type Schema } from './rpc.ts';

/** Asks an edge function of the project. `ms`: how long it may take. */
export type Ask = <T>(name: string, body: unknown, schema: Schema<T>, ms: number) => Promise<T>;

const FunctionRefusal = z.object({ error: z.object({ code: z.string() }) });

/** Edge functions with the project's secret key. They reject like RPCs do. */
export function functionCaller(url: string, secretKey: string, send: typeof fetch): Ask {
  return async (name, given, schema, ms) => {
    const body = jsonOf(given);
    let response: Response;
    let data: unknown;
    try {
      response = await send(`${url}/functions/v1/${name}`, {
        method: 'POST',
        headers: { apikey: secretKey, 'content-type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(ms),
      });
      data = await response.json();
    } catch (error) {
      throw unavailable(`${name} did not answer`, error);
    }
    if (response.ok) return read(name, data, schema);
    const refusal = FunctionRefusal.safeParse(data);
    if (response.status < 500 && refusal.success && isErrorCode(refusal.data.error.code)) {
      throw refused(refusal.data.error.code);
    }
    throw unavailable(`${name} answered ${response.status}`);
  };
}

/** What is nested too deep can be read, and not be written again: no fault of the function. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new ProxyError('bad_request', 'It is nested too deep.', { cause });
  }
}
