import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { loggedError, logging } from './logging.ts';
import { testConfig } from './testing/proxy.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJ4In0.c2lnbmF0dXJl';

/** What is written for this. */
function logged(fields: object, message = ''): Record<string, unknown> {
  const lines: string[] = [];
  const config = testConfig({ LOG_LEVEL: 'trace' });
  const app = Fastify({ logger: logging(config, { write: (line) => lines.push(line) }) });
  app.log.info(fields, message);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

describe('a line of the log', () => {
  it('hides fields that hold what somebody said or could get in with, some levels deep', () => {
    const fields = { text: 'canary', quality: { note: 'canary' }, a: { b: { sdp: 'canary' } } };
    expect(JSON.stringify(logged(fields))).not.toContain('canary');
  });

  it('hides what has the shape of a secret, wherever it stands', () => {
    const line = logged({ err: new Error(`refused ${jwt}`), rows: [`a=ice-pwd:canary\r\n`] }, jwt);
    expect(line).toMatchObject({
      msg: '(token)',
      err: { message: 'refused (token)' },
      rows: ['a=ice-pwd:(hidden)\r\n'],
    });
    expect(JSON.stringify(line)).not.toContain('eyJ');
  });
});

describe('what a page says of its media', () => {
  it('is logged as far as we know the words', () => {
    const quality = { type: 'quality', rtt_ms: 20, warnings: ['jitter', 'canary'] };
    expect(logged({ quality })).toMatchObject({ quality: { rtt_ms: 20, warnings: ['jitter'] } });
  });
});

describe('loggedError', () => {
  it('keeps what says where and why, down to the first cause', () => {
    const cause = Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED' });
    expect(loggedError(new Error('no answer', { cause }))).toMatchObject({
      type: 'Error',
      message: 'no answer',
      stack: expect.stringContaining('logging.test.ts') as string,
      cause: { type: 'TypeError', message: 'fetch failed', code: 'ECONNREFUSED' },
    });
  });

  it('drops what a library hangs on to an error', () => {
    const error = Object.assign(new Error('expired'), {
      payload: { sub: 'canary' },
      input: 'canary',
    });
    expect(JSON.stringify(loggedError(error))).not.toContain('canary');
    expect(loggedError('canary')).toMatchObject({ type: 'string', message: 'not an error' });
  });

  it('ends where causes go in a circle', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(loggedError(error)).length).toBeLessThan(20_000);
  });
});
