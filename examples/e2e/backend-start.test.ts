import { describe, expect, inject, it } from 'vitest';

interface Reply {
  status: number;
  body: Record<string, unknown> & { error?: { code: string } };
}

/** What a third party's server sends; no browser, so no Origin. */
async function start(body: unknown, key = inject('stack').tenantApiKey): Promise<Reply> {
  const reply = await fetch(`${inject('stack').supabaseUrl}/functions/v1/interview-start`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Reply['body'] };
}

const session = {
  session_id: 'test-session',
  tenant_id: 'test-tenant',
  interview_id: 'short-talk',
};

describe("a third party's backend", () => {
  it('starts a session of its own with its API key, once however often it asks', async () => {
    const { proxyUrl } = inject('stack');
    const first = await start(session);
    expect(first).toMatchObject({
      status: 200,
      body: {
        session: { status: 'created', interview: { title: 'A short talk' } },
        proxy: { http_url: proxyUrl, ws_url: `${proxyUrl.replace(/^http/, 'ws')}/ws` },
        transcript: [],
      },
    });
    const again = await start(session);
    expect((again.body['session'] as { id: string }).id).toBe(
      (first.body['session'] as { id: string }).id,
    );
  });

  it('gets a token that the proxy takes', async () => {
    const { body } = await start(session);
    const { proxyUrl } = inject('stack');
    const renew = (token: string): Promise<Response> =>
      fetch(`${proxyUrl}/v1/token`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
    const token = String(body['token']);
    expect((await renew(token)).status).toBe(200);
    const [head, , signature] = token.split('.');
    const forged = [head, btoa('{"sub":"someone"}'), signature].join('.');
    expect((await renew(forged)).status).toBe(401);
  });

  it('is refused without a right key, without its own tenant, or with ids that are none', async () => {
    const wrongKey = await start(session, `ik_${'w'.repeat(43)}`);
    expect([wrongKey.status, wrongKey.body.error?.code]).toEqual([401, 'api_key_invalid']);
    const foreign = await start({ ...session, tenant_id: 'somebody-else' });
    expect([foreign.status, foreign.body.error?.code]).toEqual([403, 'forbidden']);
    const malformed = await start({ ...session, session_id: 'no spaces, please' });
    expect([malformed.status, malformed.body.error?.code]).toEqual([400, 'bad_request']);
  });
});
