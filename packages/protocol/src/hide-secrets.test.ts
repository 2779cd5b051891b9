import { describe, expect, it } from 'vitest';
import { hideSecrets } from './hide-secrets.ts';

describe('hideSecrets', () => {
  it.each([
    ['eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJ4In0.c2lnbmF0dXJl', '(token)'],
    ['bearer.eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJ4In0.c2ln', 'bearer.(token)'],
    ['authorization: Bearer abcdefgh12345', 'authorization: Bearer (credential)'],
    ['sk-proj-0123456789abcdef is wrong', '(key) is wrong'],
    ['sb_secret_0123456789, ik_local_demo_key_0000', '(key), (key)'],
    ['/#interview=inv_abcdefghijklmnop', '/#interview=(key)'],
    ['"a=ice-pwd:2/1muCWoOi3uLifh0NuRHlLN\\r\\na=mid:0"', '"a=ice-pwd:(hidden)\\r\\na=mid:0"'],
    [
      'a=ice-ufrag:4ZcD\r\na=fingerprint:sha-256 75:74',
      'a=ice-ufrag:(hidden)\r\na=fingerprint:(hidden)',
    ],
    ['mail ana.maria+jobs@mail.example.co.uk now', 'mail (e-mail) now'],
  ])('hides what %s holds', (line, hidden) => {
    expect(hideSecrets(line)).toBe(hidden);
  });

  it.each([
    '{"level":30,"request_id":"0f3f1a2e-6c0e-4c8c-9d2e-0123456789ab","path":"/v1/calls"}',
    'at handle (/srv/node_modules/@fastify/websocket/index.js:12:3)',
    'call_not_found, task-12345678, a=mid:0',
    'Bearer realm',
  ])('leaves %s as it is', (line) => {
    expect(hideSecrets(line)).toBe(line);
  });

  it('takes no longer for a line that is made to be slow', () => {
    const began = performance.now();
    for (const piece of ['a@', 'a.', 'eyJ', '.-', 'sk-', 'eyJ-', 'a.a@a.', 'Bearer '])
      hideSecrets(piece.repeat(20_000));
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
