import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageOrigin, secret, startProxy, type TestProxy } from '../testing/proxy.ts';
import { SessionTokens } from './session-token.ts';

const now = Math.floor(Date.now() / 1000);
const typ = 'interview-session+jwt';
const session = randomUUID();
const good = {
  iss: 'interview-start',
  aud: ['interview-proxy', 'interview-transcript'],
  sub: randomUUID(),
  sid: session,
  tid: randomUUID(),
  org: [pageOrigin],
  iat: now,
  exp: now + 600,
  jti: randomUUID(),
};
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

type Fields = Record<string, unknown>;
const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const hmac = (input: string, key: string | Buffer = secret, hash = 'sha256'): string =>
  createHmac(hash, key).update(input).digest('base64url');

/** Signed by HMAC, with whatever header and claims. */
function forge(header: unknown, claims: unknown, key?: string | Buffer, hash?: string): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${hmac(input, key, hash)}`;
}
/** Signed by RSA, as RS256. */
function published(
  header: Fields,
  claims: Fields,
  key = rsa.privateKey,
  algorithm = 'RSA-SHA256',
): string {
  const input = `${encode({ alg: 'RS256', kid: 'k1', typ, ...header })}.${encode({ ...good, ...claims })}`;
  return `${input}.${sign(algorithm, Buffer.from(input), key).toString('base64url')}`;
}
const head = { alg: 'HS256', typ };
const withHead = (header: Fields): string => forge({ ...head, ...header }, good);
const withClaims = (claims: Fields): string => forge(head, { ...good, ...claims });
const without = (name: string): string =>
  forge(head, Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)));

const whole = forge(head, good);
const [h = '', c = '', s = ''] = whole.split('.');
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
const stray = `${s.slice(0, -1)}${String.fromCharCode(s.charCodeAt(s.length - 1) + 1)}`;
const es256 = ((): string => {
  const input = `${encode({ alg: 'ES256', typ })}.${encode(good)}`;
  const key = { key: ec.privateKey, dsaEncoding: 'ieee-p1363' as const };
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
})();

const forged: [string, string][] = [
  // The algorithm.
  ...['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg): [string, string][] => [
    [`alg «${alg}» without a signature`, `${encode({ alg, typ })}.${c}.`],
    [`alg «${alg}» with a signature`, `${encode({ alg, typ })}.${c}.${s}`],
  ]),
  ['no alg', forge({ typ }, good)],
  ['alg hs256 in small letters', withHead({ alg: 'hs256' })],
  ['alg as a list', withHead({ alg: ['HS256'] })],
  ['HS384 with our secret', forge({ alg: 'HS384', typ }, good, secret, 'sha384')],
  ['HS512 with our secret', forge({ alg: 'HS512', typ }, good, secret, 'sha512')],
  ['RS256 in the header over an HMAC', withHead({ alg: 'RS256' })],
  ['an RS256 of somebody', published({}, {})],
  ['an HMAC with a public key', forge(head, good, Buffer.from(pem))],
  ['an ES256 of somebody', es256],
  [
    'a key of its own in the header',
    withHead({ alg: 'RS256', jwk: rsa.publicKey.export({ format: 'jwk' }) }),
  ],
  ['keys at an address of its own', withHead({ alg: 'RS256', jku: 'https://evil.example/keys' })],
  ['an empty secret', forge(head, good, '')],
  ['another secret', forge(head, good, 'a secret that is not ours but long enough')],
  // The header.
  ['another typ', withHead({ typ: 'JWT' })],
  ['a typ with something behind it', withHead({ typ: `${typ}x` })],
  ['a typ that is a list', withHead({ typ: [typ] })],
  ['no typ', forge({ alg: 'HS256' }, good)],
  ['an extension that must be understood', withHead({ crit: ['exp'], exp: 1 })],
  ['a payload that is not encoded', withHead({ crit: ['b64'], b64: false })],
  ['a header that is no object', forge([head], good)],
  ['a header that is no JSON', forge('{"alg":"HS256"', good)],
  // The claims.
  ['another issuer', withClaims({ iss: 'supabase' })],
  ['issuers', withClaims({ iss: ['interview-start'] })],
  ['no issuer', without('iss')],
  ['another audience', withClaims({ aud: 'authenticated' })],
  ['the other audience', withClaims({ aud: ['interview-transcript'] })],
  ['an audience in an object', withClaims({ aud: { 0: 'interview-proxy' } })],
  ['no audience', without('aud')],
  ['no end', without('exp')],
  ['an end as text', withClaims({ exp: String(now + 600) })],
  ['an end with a fraction', withClaims({ exp: now + 600.5 })],
  ['an end that is null', withClaims({ exp: null })],
  ['an end before the beginning', withClaims({ iat: now, exp: now - 5 })],
  ['a life of years', withClaims({ exp: now + 1e9 })],
  [
    'an end beyond all numbers',
    forge(head, JSON.stringify(good).replace(/"exp":\d+/, '"exp":1e999')),
  ],
  ['no beginning', without('iat')],
  ['a beginning as text', withClaims({ iat: String(now) })],
  ['a beginning in the future', withClaims({ iat: now + 3600, exp: now + 4200 })],
  ['a start in the future', withClaims({ nbf: now + 3600 })],
  ['a start as text', withClaims({ nbf: 'now' })],
  ['no subject', without('sub')],
  ['a subject that is no id', withClaims({ sub: "x' or 1=1" })],
  ['no session', without('sid')],
  ['a session that is a number', withClaims({ sid: 7 })],
  ['a session that is an object', withClaims({ sid: {} })],
  ['sessions', withClaims({ sid: [session] })],
  ['a session with a line break', withClaims({ sid: `${session}\r\n` })],
  ['no tenant', without('tid')],
  ['tenants', withClaims({ tid: [randomUUID()] })],
  ['no origins', without('org')],
  ['an origin as text', withClaims({ org: pageOrigin })],
  ['an origin that is a number', withClaims({ org: [7] })],
  ['origins without end', withClaims({ org: Array.from({ length: 65 }, () => pageOrigin) })],
  ['a simulation as text', withClaims({ sim: 'true' })],
  ['a machine that is an object', withClaims({ ins: {} })],
  ['a machine with a header behind it', withClaims({ ins: 'x;app=other' })],
  ['no id', without('jti')],
  ['an id that is a number', withClaims({ jti: 12345678 })],
  ['claims that are a list', forge(head, [good])],
  ['claims that are null', forge(head, 'null')],
  ['claims that are text', forge(head, '"sid"')],
  ['claims that are no JSON', forge(head, '{"sid":')],
  ['claims by the prototype only', forge(head, `{"__proto__":${JSON.stringify(good)}}`)],
  // The spelling.
  ['padding behind the signature', `${whole}=`],
  ['padding behind the claims', `${h}.${c}==.${s}`],
  ['white space inside', `${h}.${c.slice(0, 8)} ${c.slice(8)}.${s}`],
  ['a line break inside', `${h}.${c.slice(0, 8)}\n${c.slice(8)}.${s}`],
  ['white space around', ` ${whole} `],
  ['stray bits behind the signature', `${h}.${c}.${stray}`],
  ['the other alphabet', `${h}.${c}.${s.slice(0, -2)}+/`],
  ['a letter from elsewhere', `${h}.${c}.${s.slice(0, -1)}ä`],
  ['a cut signature', `${h}.${c}.${s.slice(0, -4)}`],
  ['no signature', `${h}.${c}.`],
  ['two parts', `${h}.${c}`],
  ['four parts', `${whole}.${s}`],
  ['five parts, as of an encrypted one', `${h}..${c}.${s}.${s}`],
  ['JSON instead', JSON.stringify({ protected: h, payload: c, signature: s })],
  ['dots', '..'],
  ['nothing', ''],
  ['far too much', `${h}.${'A'.repeat(100_000)}.${s}`],
];

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startProxy();
});
afterAll(() => proxy.close());

const renew = (token: string) =>
  proxy.app.inject({
    method: 'POST',
    url: '/v1/token',
    headers: { authorization: `Bearer ${token}`, origin: pageOrigin },
  });

describe('a forged token', () => {
  const tokens = new SessionTokens([secret]);

  it('differs from one that is taken', async () => {
    expect((await tokens.verify(whole)).claims.sid).toBe(session);
    expect(stray).not.toBe(s);
    expect(Buffer.from(stray, 'base64url')).toEqual(Buffer.from(s, 'base64url'));
  });

  it.each(forged)('is refused: %s', async (_name, token) => {
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it.each(forged)('opens no door: %s', async (_name, token) => {
    // What no header can carry can't come by this door; space around it is the header's own.
    if (!/^[\x20-\x7e]*$/.test(token) || token !== token.trim()) return;
    const reply = await renew(token);
    const { code } = reply.json<{ error: { code: string } }>().error;
    expect([reply.statusCode, reply.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect(['token_invalid', 'token_missing']).toContain(code);
    expect(reply.body).not.toContain(token === '' ? 'canary' : token);
  });

  it('is told from one that is merely too old', async () => {
    const old = withClaims({ iat: now - 90_600, exp: now - 90_000 });
    await expect(tokens.verify(old)).rejects.toMatchObject({ code: 'token_expired' });
    const forgery = forge(head, { ...good, iat: 1, exp: 2 }, 'not our secret, and long enough too');
    await expect(tokens.verify(forgery)).rejects.toMatchObject({ code: 'token_invalid' });
  });
});

describe('with published keys', () => {
  let issuer: Server;
  let url: string;
  let status: number;
  let asked: number;
  beforeAll(async () => {
    status = 200;
    asked = 0;
    const keys = [
      { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' },
      { ...ec.publicKey.export({ format: 'jwk' }), kid: 'k2', use: 'sig' },
      { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k4' },
      // A careless issuer: a shared secret must be of no use here.
      { kty: 'oct', kid: 'k3', k: encode(secret) },
    ];
    issuer = createServer((_request, response) => {
      asked += 1;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys }));
    });
    issuer.listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`;
  });
  afterAll(() => {
    issuer.closeAllConnections();
    issuer.close();
  });
  const trusting = (): SessionTokens => new SessionTokens([secret], url);

  it('takes what they signed, and what our secret signed, and asks for them once', async () => {
    const tokens = trusting();
    asked = 0;
    expect((await tokens.verify(published({}, {}))).claims.sid).toBe(session);
    expect((await tokens.verify(published({}, { iat: now - 660, exp: now - 60 }))).expired).toBe(
      true,
    );
    expect((await tokens.verify(whole)).expired).toBe(false);
    expect(asked).toBe(1);
    const renewed = await tokens.renew((await tokens.verify(published({}, {}))).claims);
    expect((await new SessionTokens([secret]).verify(renewed.token)).claims.sid).toBe(session);
  });

  it.each<[string, () => string]>([
    ['a key that is not published', () => published({}, {}, foreign.privateKey)],
    ['a name that no key has', () => published({ kid: '../../etc/passwd' }, {})],
    ['the public key as a secret', () => forge({ ...head, kid: 'k1' }, good, Buffer.from(pem))],
    [
      'the public key as a secret, by its name',
      () => forge({ ...head, alg: 'RS256', kid: 'k1' }, good, Buffer.from(pem)),
    ],
    [
      'a published shared secret',
      () => forge({ alg: 'HS512', typ, kid: 'k3' }, good, secret, 'sha512'),
    ],
    ['the key of another algorithm', () => published({ kid: 'k2' }, {})],
    [
      'an algorithm that nobody agreed on',
      () => published({ alg: 'RS512', kid: 'k4' }, {}, rsa.privateKey, 'RSA-SHA512'),
    ],
    ['renewals in our name', () => published({}, { iss: 'interview-proxy' })],
    ['another typ', () => published({ typ: 'at+jwt' }, {})],
    ['another audience', () => published({}, { aud: 'authenticated' })],
    ['alg none', () => `${encode({ alg: 'none', typ, kid: 'k1' })}.${encode(good)}.`],
  ])('refuses %s', async (_name, token) => {
    await expect(trusting().verify(token())).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it.each(forged.filter(([name]) => !name.includes('an RS256') && !name.includes('an ES256')))(
    'refuses what it refuses without them: %s',
    async (_name, token) => {
      await expect(trusting().verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
    },
  );

  it('says that it can not tell while they are not to be had', async () => {
    status = 500;
    const tokens = trusting();
    await expect(tokens.verify(published({}, {}))).rejects.toMatchObject({
      code: 'storage_unavailable',
      retryAfterMs: 1000,
    });
    expect((await tokens.verify(whole)).claims.sid).toBe(session);
    status = 200;
  });
});
