import { describe, expect, it } from 'vitest';
import { loggedRequest } from './logged-request.ts';

describe('loggedRequest', () => {
  it('keeps the path and drops the query, where a token may stand by mistake', () => {
    const logged = loggedRequest({ method: 'GET', url: '/ws?token=eyJ.secret', ip: '127.0.0.1' });
    expect(logged).toEqual({ method: 'GET', path: '/ws', ip: '127.0.0.1' });
  });

  it('keeps a path without a query whole', () => {
    expect(loggedRequest({ method: 'POST', url: '/v1/calls', ip: '::1' }).path).toBe('/v1/calls');
  });
});
