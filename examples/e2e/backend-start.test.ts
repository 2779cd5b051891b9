import { describe, expect, inject, it } from 'vitest';
import { agreement } from './support/agreement.ts';

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

/** First message on a socket that is opened with `token`, or that there is none. */
function firstWord(url: string, token: string): Promise<unknown> {
  const socket = new WebSocket(url, ['interview.v1', `bearer.${token}`]);
  return new Promise((resolve) => {
    socket.addEventListener('error', () => resolve('refused'));
    socket.addEventListener('message', ({ data }) => {
      socket.close();
      resolve(JSON.parse(String(data)));
    });
  });
}

const session = {
  session_id: 'backend-session',
  tenant_id: 'test-tenant',
  interview_id: 'short-talk',
};

describe("a third party's backend", () => {
  it('starts a session of its own with its API key, once however often it asks', async () => {
    const { proxyUrl } = inject('stack');
    const refused = await start(session);
    expect([refused.status, refused.body.error?.code]).toEqual([422, 'consent_required']);
    const first = await start({ ...session, consents: await agreement('short-talk') });
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

  it('gets a token that the proxy takes, and takes no other', async () => {
    const { body } = await start({ ...session, consents: await agreement('short-talk') });
    const { ws_url: wsUrl } = body['proxy'] as { ws_url: string };
    const token = String(body['token']);
    const started = body['session'] as { id: string };
    expect(await firstWord(wsUrl, token)).toMatchObject({
      type: 'ready',
      session: { id: started.id, status: 'created' },
      writers: {},
    });
    const [head = '', claims = '', signature = ''] = token.split('.');
    const other = { ...(JSON.parse(atob(claims)) as object), sid: crypto.randomUUID() };
    const forged = `${head}.${btoa(JSON.stringify(other)).replaceAll('=', '')}.${signature}`;
    expect(await firstWord(wsUrl, forged)).toBe('refused');
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
