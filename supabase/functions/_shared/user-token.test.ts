import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishedKeyUsers, sharedSecretUsers } from './user-token.ts';

const account = '3f1f1df8-7d0b-4f5a-9f39-0d8b4c4a8a01';
const secret = 'the secret that signs the tokens of accounts';
let server: Server;
let url: string;
let privateKey: CryptoKey;

beforeAll(async () => {
  const keys = await generateKeyPair('ES256');
  privateKey = keys.privateKey;
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' };
  server = createServer((request, response) => {
    const known = request.url === '/auth/v1/.well-known/jwks.json';
    response.writeHead(known ? 200 : 503).end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const token = (more: { sub?: string; aud?: string; iss?: string; exp?: string } = {}) =>
  new SignJWT({ role: 'authenticated' })
    .setSubject(more.sub ?? account)
    .setAudience(more.aud ?? 'authenticated')
    .setIssuer(more.iss ?? `${url}/auth/v1`)
    .setExpirationTime(more.exp ?? '1h');
const published = (jwt: SignJWT) =>
  jwt.setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
const shared = (jwt: SignJWT) =>
  jwt.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));

describe('user tokens', () => {
  it('speak for their account, by published keys or by the shared secret', async () => {
    expect(await publishedKeyUsers(url)(await published(token()))).toBe(account);
    expect(await sharedSecretUsers(secret)(await shared(token()))).toBe(account);
  });

  it.each([
    ['over', { exp: '-1h' }],
    ['of another audience', { aud: 'anon' }],
    ['of nobody', { sub: 'nobody' }],
  ])('that are %s are refused', async (_, wrong) => {
    for (const read of [
      async () => publishedKeyUsers(url)(await published(token(wrong))),
      async () => sharedSecretUsers(secret)(await shared(token(wrong))),
    ]) {
      await expect(read()).rejects.toMatchObject({ code: 'token_invalid' });
    }
  });

  it('of another project are refused', async () => {
    const foreign = await published(token({ iss: 'https://other.supabase.co/auth/v1' }));
    await expect(publishedKeyUsers(url)(foreign)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('signed with a public key as if it were a secret are refused', async () => {
    const confused = await shared(token());
    await expect(publishedKeyUsers(url)(confused)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('can’t be read while the keys can’t, and that passes', async () => {
    const down = publishedKeyUsers(`${url}/down`);
    await expect(down(await published(token()))).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });
});
