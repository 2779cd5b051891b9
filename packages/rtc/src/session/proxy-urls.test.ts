import { describe, expect, it } from 'vitest';
import { proxyAddresses } from './proxy-urls.ts';

const told = { ws_url: 'wss://told.test/ws', http_url: 'https://told.test' };

describe('proxyAddresses', () => {
  it('takes what the start told when the page names none', () => {
    const [address] = proxyAddresses({}, told);
    expect(address).toEqual({ ws: 'wss://told.test/ws', http: 'https://told.test/' });
    expect(proxyAddresses({ serverUrl: [] }, told)).toHaveLength(1);
  });

  it.each([
    ['https://p.test', 'wss://p.test/ws', 'https://p.test/'],
    ['https://p.test/', 'wss://p.test/ws', 'https://p.test/'],
    ['wss://p.test/ws', 'wss://p.test/ws', 'https://p.test/'],
    ['ws://localhost:8080/ws', 'ws://localhost:8080/ws', 'http://localhost:8080/'],
    ['https://p.test/under/ws', 'wss://p.test/under/ws', 'https://p.test/under/'],
  ])('makes both addresses of %s', (serverUrl, ws, http) => {
    expect(proxyAddresses({ serverUrl }, told)).toEqual([{ ws, http }]);
  });

  it('keeps the order of a list, and asks for the simulation on both', () => {
    const addresses = proxyAddresses(
      { serverUrl: ['https://a.test', 'https://b.test'], simulation: true },
      told,
    );
    expect(addresses).toEqual([
      { ws: 'wss://a.test/ws?simulation=true', http: 'https://a.test/?simulation=true' },
      { ws: 'wss://b.test/ws?simulation=true', http: 'https://b.test/?simulation=true' },
    ]);
  });
});
