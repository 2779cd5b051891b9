import type { ErrorBody } from '@interview/protocol';
import { expect } from 'vitest';

/** Secrets and settings that the functions are built with in tests. */
export const settings = {
  jwtSecret: 'a secret of more than thirty-two bytes',
  jwtSecretPrevious: null,
  secretKeys: ['sb_secret_0123456789'],
  proxyUrl: 'https://proxy.example',
  simulation: false,
  local: false,
  machineFor: null,
  // Shows nothing to anybody.
  memberRpc: () => () => Promise.resolve(null),
};

/** A request to a function with a JSON body. */
export function post(body: unknown, headers: Record<string, string> = {}): Request {
  return new Request('https://project.supabase.co/functions/v1/x', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Checks that a reply is the refusal `code` in the one shape of errors, and returns its message. */
export async function refused(reply: Response, status: number, code: string): Promise<string> {
  const body = (await reply.json()) as ErrorBody;
  expect([reply.status, body.error.code]).toEqual([status, code]);
  expect(Object.keys(body.error)).toEqual(['code', 'message', 'retryable', 'request_id']);
  expect(body.error.request_id).toBe(reply.headers.get('x-request-id'));
  return body.error.message;
}
