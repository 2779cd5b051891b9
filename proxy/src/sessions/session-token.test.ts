import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { secret, tokenFor, type TokenOptions } from '../testing/proxy.ts';
import { SessionTokens } from './session-token.ts';

const tokens = new SessionTokens([secret]);
const now = Math.floor(Date.now() / 1000);
const session = randomUUID();

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('verify', () => {
  it('takes a token of interview-start', async () => {
    const { claims, expired } = await tokens.verify(await tokenFor(session));
    expect(claims.sid).toBe(session);
    expect(expired).toBe(false);
  });

  it('takes one that the former secret signed', async () => {
    const rotated = new SessionTokens(['another secret that is long enough too', secret]);
    expect((await rotated.verify(await tokenFor(session))).claims.sid).toBe(session);
    await expect(
      new SessionTokens(['another secret that is long enough too']).verify(await tokenFor(session)),
    ).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('knows an expired one that still delivers, and one that does not', async () => {
    const expired = await tokenFor(session, { claims: { iat: now - 4200, exp: now - 3600 } });
    expect((await tokens.verify(expired)).expired).toBe(true);
    const old = await tokenFor(session, { claims: { iat: now - 90_600, exp: now - 90_000 } });
    await expect(tokens.verify(old)).rejects.toMatchObject({ code: 'token_expired' });
  });

  it.each<[string, TokenOptions]>([
    ['another secret', { secret: 'a secret that is not ours but long enough' }],
    ['another type', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['an extension that must be understood', { header: { crit: ['exp'], exp: 1 } }],
    ['another audience', { claims: { aud: 'authenticated' } }],
    ['another issuer', { claims: { iss: 'supabase' } }],
    ['no expiry', { claims: { exp: undefined } }],
    ['an expiry that is no number', { claims: { exp: '9999999999' } }],
    ['a life of years', { claims: { exp: now + 1e9 } }],
    ['a longer life than ours', { claims: { exp: now + 601 } }],
    ['a birth in the future', { claims: { iat: now + 3600, exp: now + 4200 } }],
    ['a start in the future', { claims: { nbf: now + 3600 } }],
    ['a session that is an object', { claims: { sid: {} } }],
    ['a session with a line break', { claims: { sid: `${session}\r\n` } }],
    ['origins that are a text', { claims: { org: 'https://a.example' } }],
    ['no origins', { claims: { org: undefined } }],
    ['a tenant that is a list', { claims: { tid: [randomUUID()] } }],
    ['a simulation that is a text', { claims: { sim: 'true' } }],
  ])('refuses %s', async (_name, options) => {
    await expect(
      tokens.verify(await tokenFor(session, options).catch(() => 'unsignable')),
    ).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });

  it('refuses unsigned, cut and garbled ones alike', async () => {
    const [head = '', body = '', mark = ''] = (await tokenFor(session)).split('.');
    const unsigned = base64({ alg: 'none', typ: 'interview-session+jwt' });
    const other = base64({ alg: 'HS512', typ: 'interview-session+jwt' });
    const bad = [
      `${unsigned}.${body}.`,
      `${unsigned}.${body}.${mark}`,
      `${other}.${body}.${mark}`,
      `${head}.${body}`,
      `${head}.${body}.`,
      `${head}.${base64({ sid: session })}.${mark}`,
      '',
      '...',
      '%%%.###.!!!',
      'a'.repeat(5000),
    ];
    for (const token of bad) {
      await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
    }
  });
});

describe('renew', () => {
  it('makes a new token for the same session, that this server takes', async () => {
    const { claims } = await tokens.verify(await tokenFor(session, { claims: { sim: true } }));
    const renewed = await tokens.renew(claims);
    const again = await tokens.verify(renewed.token);
    expect(again.claims).toMatchObject({
      sid: session,
      sub: claims.sub,
      org: claims.org,
      sim: true,
      iss: 'interview-proxy',
    });
    expect(again.claims.jti).not.toBe(claims.jti);
    expect(again.claims.exp - again.claims.iat).toBe(600);
  });
});
