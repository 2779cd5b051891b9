import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESSION_TOKEN_TYPE, SessionClaims } from '@interview/protocol';
import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishedKeys } from './published-keys.ts';
import { mintSessionToken, readSessionToken } from './session-token.ts';

const secret = 'a secret of more than thirty-two bytes';
const key = new TextEncoder().encode(secret);
const now = Date.parse('2026-11-22T12:00:00Z');
const at = Math.floor(now / 1000);
const subject = {
  candidateId: '3f1f1df8-7d0b-4f5a-9f39-0d8b4c4a8a01',
  sessionId: '3f1f1df8-7d0b-4f5a-9f39-0d8b4c4a8a02',
  tenantId: '3f1f1df8-7d0b-4f5a-9f39-0d8b4c4a8a03',
  origins: ['https://jobs.example'],
  simulation: false,
};
const day = 24 * 3600;

/** A token that is ours but for `claims` and `header`. */
function forge(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  by: Uint8Array | CryptoKey = key,
) {
  const { candidateId: sub, sessionId: sid, tenantId: tid, origins: org } = subject;
  return new SignJWT({
    iss: 'interview-start',
    aud: ['interview-proxy', 'interview-transcript'],
    sub,
    sid,
    tid,
    org,
    iat: at,
    exp: at + 600,
    jti: 'jti-12345678',
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256', typ: SESSION_TOKEN_TYPE, ...header })
    .sign(by);
}

const read = (token: string, time = now) =>
  readSessionToken(token, { secrets: [secret] }, time, day);

describe('mintSessionToken', () => {
  it('says what the protocol wants, for ten minutes', async () => {
    const { token, expiresAt } = await mintSessionToken(subject, secret, now);
    expect(expiresAt).toBe(at + 600);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: SESSION_TOKEN_TYPE });
    expect(SessionClaims.parse(decodeJwt(token))).toMatchObject({
      iss: 'interview-start',
      aud: ['interview-proxy', 'interview-transcript'],
      sub: subject.candidateId,
      sid: subject.sessionId,
      tid: subject.tenantId,
      org: subject.origins,
      iat: at,
      exp: at + 600,
    });
    expect(decodeJwt(token)).not.toHaveProperty('sim');
  });

  it('never makes the same token twice', async () => {
    const [a, b] = await Promise.all([0, 1].map(() => mintSessionToken(subject, secret, now)));
    expect(a?.token).not.toBe(b?.token);
  });
});

describe('readSessionToken', () => {
  it('takes ours, those of the proxy, and those of the former secret', async () => {
    expect(await read(await forge())).toMatchObject({ sid: subject.sessionId });
    expect(await read(await forge({ iss: 'interview-proxy' }))).toMatchObject({
      sub: subject.candidateId,
    });
    const former = 'another secret that is long enough for it';
    const token = await forge({}, {}, new TextEncoder().encode(former));
    expect(await readSessionToken(token, { secrets: [secret, former] }, now, day)).toBeDefined();
  });

  it('takes one for a day after its end and no longer', async () => {
    const token = await forge();
    expect(await read(token, now + (600 + day - 1) * 1000)).toBeDefined();
    await expect(read(token, now + (600 + day + 1) * 1000)).rejects.toMatchObject({
      code: 'token_expired',
    });
  });

  const encode = (value: unknown) => base64url.encode(JSON.stringify(value));
  it.each([
    ['signed by somebody else', () => forge({}, {}, new TextEncoder().encode('x'.repeat(40)))],
    [
      'unsigned',
      async () => {
        const [, body] = (await forge()).split('.');
        return `${encode({ alg: 'none', typ: SESSION_TOKEN_TYPE })}.${body ?? ''}.`;
      },
    ],
    [
      'of another algorithm',
      () => forge({}, { alg: 'HS512' }, new TextEncoder().encode('x'.repeat(64))),
    ],
    ['of another type', () => forge({}, { typ: 'JWT' })],
    [
      'with an extension that must be understood',
      async () => {
        const [, body, signature] = (await forge()).split('.');
        return `${encode({ alg: 'HS256', typ: SESSION_TOKEN_TYPE, crit: ['x'], x: 1 })}.${body ?? ''}.${signature ?? ''}`;
      },
    ],
    ['for another audience', () => forge({ aud: 'interview-proxy' })],
    ['from another issuer', () => forge({ iss: 'elsewhere' })],
    ['without an end', () => forge({ exp: undefined })],
    ['that lives longer than ours', () => forge({ exp: at + 601 })],
    ['that never lived', () => forge({ exp: at })],
    ['that has not begun', () => forge({ nbf: at + 3600 })],
    ['from the future', () => forge({ iat: at + 3600, exp: at + 4200 })],
    ['whose session is an object', () => forge({ sid: { $ne: null } })],
    ['whose tenant is no id', () => forge({ tid: 'x\r\ny' })],
    ['whose origins are no list', () => forge({ org: 'https://jobs.example' })],
    ['that is none', () => Promise.resolve('a.b.c')],
    ['whose header is none', async () => (await forge()).replace(/^[^.]+/, 'e30')],
    ['with padding', async () => `${await forge()}=`],
    ['with white space in it', async () => (await forge()).replace('.', '. ')],
  ])('refuses one %s', async (_, make) => {
    await expect(read(await make())).rejects.toMatchObject({ code: 'token_invalid' });
  });
});

describe('readSessionToken with published keys', () => {
  let server: Server;
  let url: string;
  let status = 200;
  const pair = generateKeyPair('ES256', { extractable: true });
  beforeAll(async () => {
    const { publicKey } = await pair;
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    server = createServer((_request, response) => {
      response.writeHead(status).end(JSON.stringify({ keys: [jwk] }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const readBoth = (token: string, keys = publishedKeys(url)) =>
    readSessionToken(token, { secrets: [secret], published: keys }, now, day);
  const foreign = async (claims: Record<string, unknown> = {}, header = {}) => {
    const { privateKey } = await pair;
    return forge(claims, { alg: 'ES256', kid: 'k1', ...header }, privateKey);
  };

  it('takes what they signed and what our secret signed', async () => {
    expect(await readBoth(await foreign())).toMatchObject({ sid: subject.sessionId });
    expect(await readBoth(await forge())).toMatchObject({ sid: subject.sessionId });
    await expect(read(await foreign())).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it.each([
    ['renewals in the name of the proxy', () => foreign({ iss: 'interview-proxy' })],
    ['a key that nobody published', () => foreign({}, { kid: 'k2' })],
    ['another audience', () => foreign({ aud: 'authenticated' })],
    ['a header that is none', async () => (await foreign()).replace(/^[^.]+/, 'e30')],
    [
      'the public key as a secret',
      async () => {
        const pem = await exportSPKI((await pair).publicKey);
        return forge({}, { kid: 'k1' }, new TextEncoder().encode(pem));
      },
    ],
  ])('refuses %s', async (_, make) => {
    await expect(readBoth(await make())).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('says that it can not tell while they are not to be had', async () => {
    status = 500;
    await expect(readBoth(await foreign())).rejects.toMatchObject({ code: 'storage_unavailable' });
    status = 200;
  });
});
