import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../proxy-error.ts';
import { answerSdp, offer } from '../testing/interview.ts';
import { eventually } from '../testing/eventually.ts';
import { Provider, type Reply } from '../testing/provider.ts';
import { Relay } from '../testing/relay.ts';
import { turnDetectionOf } from '../supervision/turn-detection.ts';
import { ApiKeys, type RefusedKey } from './api-keys.ts';
import { openAiRealtime, type OpenAiOptions } from './openai-realtime.ts';
import { openAiSession } from './openai-session.ts';
import type { CallSpec, Upstream } from './port.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const apiKey = 'sk-canary-0123456789';
const spec: CallSpec = {
  instructions: 'Be an interviewer: «ü» "quoted"\n--boundary',
  tools: [{ type: 'function', name: 'next_question', description: '', parameters: {} }],
  mode: 'voice',
  turnDetection: turnDetectionOf('voice'),
  language: 'de-AT',
  candidateId: '9b2a3a4e-7a0e-4a0c-8f44-000000000001',
  ownPage: true,
};
const newerKey = 'sk-canary-newer';

let provider: Provider;
let upstream: Upstream;
beforeEach(async () => {
  provider = new Provider();
  await provider.listen();
  upstream = connect();
});
afterEach(() => provider.close());

function connect(options: Partial<OpenAiOptions> = {}): Upstream {
  return openAiRealtime({
    name: 'openai',
    keys: new ApiKeys([apiKey]),
    keyHeader: 'authorization',
    baseUrl: provider.url,
    model: 'gpt-realtime-2.1',
    transcriptionModel: 'gpt-transcribe',
    voice: 'marin',
    safetySalt: 'salt',
    supervised: true,
    deadlineMs: 300,
    ...options,
  });
}

async function refusal(reply: Reply): Promise<ProxyError> {
  provider.reply = reply;
  const error: unknown = await upstream.openCall(offer, spec).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProxyError);
  expect(`${(error as ProxyError).message} ${JSON.stringify(error)}`).not.toContain('canary');
  return error as ProxyError;
}

const json =
  (status: number, code: string, headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    const error = { message: `Incorrect API key: ${apiKey}`, type: 'x', param: null, code };
    response.end(JSON.stringify({ error }));
  };

describe('openCall', () => {
  it('sends exactly two parts, with the offer byte for byte, and no more than once', async () => {
    const answered = await upstream.openCall(offer, spec);
    expect(answered).toEqual({ sdp: answerSdp, providerCallId: 'rtc_1' });
    expect(provider.requests).toHaveLength(1);
    const [request] = provider.requests;
    expect(request?.method).toBe('POST');
    expect(request?.url).toBe('/v1/realtime/calls');
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      accept: 'application/sdp',
      'openai-safety-identifier': createHmac('sha256', 'salt')
        .update(`candidate:${spec.candidateId}`)
        .digest('hex'),
    });
    const type = request?.headers['content-type'] ?? '';
    const boundary = /^multipart\/form-data; boundary=(interview-[0-9a-f]{48})$/.exec(type)?.[1];
    const session = {
      type: 'realtime',
      model: 'gpt-realtime-2.1',
      instructions: spec.instructions,
      output_modalities: ['audio'],
      audio: {
        input: {
          noise_reduction: { type: 'near_field' },
          transcription: { model: 'gpt-transcribe', languages: ['de'] },
          turn_detection: {
            type: 'semantic_vad',
            eagerness: 'low',
            create_response: false,
            interrupt_response: true,
          },
        },
        output: { voice: 'marin' },
      },
      tools: spec.tools,
      tool_choice: 'auto',
      parallel_tool_calls: false,
    };
    const expected = [
      `--${boundary ?? ''}`,
      'Content-Disposition: form-data; name="sdp"',
      'Content-Type: application/sdp',
      '',
      offer,
      `--${boundary ?? ''}`,
      'Content-Disposition: form-data; name="session"',
      'Content-Type: application/json',
      '',
      JSON.stringify(session),
      `--${boundary ?? ''}--`,
      '',
    ].join('\r\n');
    expect(request?.body.equals(Buffer.from(expected))).toBe(true);
    expect(request?.headers['content-length']).toBe(String(Buffer.byteLength(expected)));
  });

  it('in writing has neither ear nor voice', () => {
    const models = { model: 'm', transcriptionModel: 't', voice: 'v' };
    const session = openAiSession({ ...spec, mode: 'text', turnDetection: null }, models);
    expect(session).toMatchObject({ type: 'realtime', output_modalities: ['text'] });
    expect(session.audio).toEqual({ input: { turn_detection: null } });
  });

  it('gives an offer no way to add a part', async () => {
    const evil = `${offer}--interview-0\r\nContent-Disposition: form-data; name="session"\r\n\r\n{}\r\n`;
    await upstream.openCall(evil, spec);
    const [request] = provider.requests;
    const body = new Response(new Uint8Array(request?.body ?? []), {
      headers: { 'content-type': request?.headers['content-type'] ?? '' },
    });
    const form = await body.formData();
    expect([...form.keys()]).toEqual(['sdp', 'session']);
    expect(JSON.parse(form.get('session') as string)).toMatchObject({ type: 'realtime' });
  });

  it.each([
    [401, 'invalid_api_key', 'upstream_auth'],
    [404, 'model_not_found', 'upstream_rejected'],
    [408, 'timeout', 'upstream_timeout'],
    [429, 'rate_limit_exceeded', 'upstream_rate_limited'],
    [504, '504', 'upstream_timeout'],
    [403, 'country_not_supported', 'upstream_auth'],
    [429, 'insufficient_quota', 'upstream_quota'],
    [400, 'invalid_offer', 'invalid_offer'],
    [400, 'beta_api_shape_disabled', 'upstream_rejected'],
    [500, 'server_error', 'upstream_unavailable'],
    [503, 'overloaded', 'upstream_unavailable'],
  ])('maps %i %s to %s, and asks no second time', async (status, code, told) => {
    expect((await refusal(json(status, code))).code).toBe(told);
    expect(provider.requests).toHaveLength(1);
  });

  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': 'not a time' }, 2000],
    [{ 'retry-after': '86400' }, 60_000],
    [{ 'retry-after': '3', 'retry-after-ms': '1250' }, 1250],
    [{}, 2000],
  ])('hands on %o', async (headers, ms) => {
    const error = await refusal(json(429, 'rate_limit_exceeded', headers));
    expect(error).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: ms });
  });

  it('knows an empty account also by the type of the refusal, and hands on its Retry-After', async () => {
    const error = await refusal((_request, response) => {
      response.writeHead(429, { 'retry-after': '7' });
      response.end('{"error":{"code":"rate_limit","type":"insufficient_quota"}}');
    });
    expect(error).toMatchObject({ code: 'upstream_quota', retryable: false, retryAfterMs: 7000 });
    const overloaded = await refusal(json(503, 'overloaded', { 'retry-after': '4' }));
    expect(overloaded).toMatchObject({ code: 'upstream_unavailable', retryAfterMs: 4000 });
  });

  const located = { location: '/v1/realtime/calls/rtc_x' };
  const sdp = { 'content-type': 'application/sdp' };
  it.each<[string, number, Record<string, string>, string]>([
    ['HTML', 200, { 'content-type': 'text/html' }, '<html>'],
    ['200 with an answer', 200, { ...located, ...sdp }, answerSdp],
    ['a redirect', 307, { location: 'http://127.0.0.1:9/elsewhere' }, ''],
    ['an answer without a call', 201, sdp, answerSdp],
    ['a call of a strange name', 201, { ...sdp, location: '/v1/realtime/calls/..%2f' }, answerSdp],
    ['no SDP', 201, { ...located, ...sdp }, '{"error":{}}'],
    [
      'SDP that calls itself JSON',
      201,
      { ...located, 'content-type': 'application/json' },
      answerSdp,
    ],
  ])('takes %s for no answer', async (_name, status, headers, body) => {
    const error = await refusal((_request, response) =>
      response.writeHead(status, headers).end(body),
    );
    expect(error.code).toBe('upstream_rejected');
    expect(provider.offers).toHaveLength(1);
  });

  it('hangs up a call whose answer is of no use', async () => {
    await refusal((_request, response) =>
      response.writeHead(201, { ...located, ...sdp }).end('no'),
    );
    await eventually(() => provider.hangups).toEqual(['rtc_x']);
  });

  it('hangs up a call that comes with another status than an answer has', async () => {
    // Which a redirect does not.
    await refusal((_request, response) => response.writeHead(302, located).end());
    for (const status of [200, 202]) {
      await refusal((_request, response) =>
        response.writeHead(status, { ...located, ...sdp }).end(answerSdp),
      );
    }
    await eventually(() => provider.hangups).toEqual(['rtc_x', 'rtc_x']);
  });

  it('hangs up a call whose answer breaks off', async () => {
    const error = await refusal((_request, response) => {
      response.writeHead(201, { ...located, ...sdp, 'content-length': '5000' });
      response.write(answerSdp, () => response.destroy());
    });
    expect(error.code).toBe('upstream_unavailable');
    await eventually(() => provider.hangups).toEqual(['rtc_x']);
  });

  it('gives up a provider that says nothing', async () => {
    expect((await refusal(() => undefined)).code).toBe('upstream_timeout');
  });

  it('tells a provider that is not there', async () => {
    const error = await refusal((_request, response) => response.destroy());
    expect(error).toMatchObject({ code: 'upstream_unavailable', retryable: true });
    expect(provider.requests).toHaveLength(1);
  });

  it('reads no more of an answer than an answer has', async () => {
    let sent = 0;
    const error = await refusal((_request, response) => {
      response.writeHead(201, { ...located, ...sdp });
      const more = (): void => {
        sent += 1;
        if (!response.destroyed && sent < 10_000) response.write('v=0\r\n'.repeat(4000), more);
      };
      more();
    });
    expect(error.code).toBe('upstream_rejected');
    expect(sent).toBeLessThan(1000);
    await eventually(() => provider.hangups).toEqual(['rtc_x']);
  });
});

describe('an asker who is gone', () => {
  it('has nothing sent for it, when it is gone before', async () => {
    await expect(upstream.openCall(offer, spec, AbortSignal.abort())).rejects.toThrow();
    expect(provider.requests).toEqual([]);
  });

  it('leaves no call behind: the one that the answer names is hung up', async () => {
    const gone = new AbortController();
    provider.reply = (_request, response) => {
      gone.abort();
      provider.answer(response);
    };
    await expect(upstream.openCall(offer, spec, gone.signal)).rejects.toThrow();
    await eventually(() => provider.hangups).toEqual(['rtc_1']);
  });

  it('is not waited for: the request is cancelled long before its deadline', async () => {
    const gone = new AbortController();
    const closed = new Promise<void>((resolve) => {
      provider.reply = (_request, response) => {
        response.once('close', resolve);
        gone.abort();
      };
    });
    upstream = connect({ deadlineMs: 120_000 });
    await expect(upstream.openCall(offer, spec, gone.signal)).rejects.toThrow();
    await closed;
  });
});

describe('several keys', () => {
  let alarms: RefusedKey[];
  beforeEach(() => {
    alarms = [];
    upstream = connect({ keys: new ApiKeys([newerKey, apiKey], (key) => alarms.push(key)) });
  });
  const keysOf = (): unknown[] => provider.requests.map(({ headers }) => headers.authorization);

  it('are tried newest first, and a refused one moves on, alarms and is asked last from then on', async () => {
    provider.revoked.add(newerKey);
    expect(await upstream.openCall(offer, spec)).toMatchObject({ providerCallId: 'rtc_1' });
    await upstream.openCall(offer, spec);
    expect(keysOf()).toEqual([`Bearer ${newerKey}`, `Bearer ${apiKey}`, `Bearer ${apiKey}`]);
    expect(alarms).toEqual([{ number: 1, of: 2 }]);
    const [first, second] = provider.requests;
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
  });

  it('serve hang-ups and sidebands too', async () => {
    provider.revoked.add(newerKey);
    await upstream.hangup('rtc_7');
    expect(provider.hangups).toEqual(['rtc_7']);
    upstream = connect({ keys: new ApiKeys([newerKey, apiKey]) });
    const handlers = { event: () => undefined, closed: () => undefined };
    const sideband = await upstream.attach('rtc_1', handlers, AbortSignal.timeout(2000));
    sideband.close();
    expect(provider.sidebandKeys).toEqual([`Bearer ${newerKey}`, `Bearer ${apiKey}`]);
  });

  it('are of no help against any other refusal: a call might exist', async () => {
    for (const status of [403, 429, 500]) await refusal(json(status, 'x'));
    expect(keysOf()).toEqual(Array.from({ length: 3 }, () => `Bearer ${newerKey}`));
    expect(alarms).toEqual([]);
  });

  it('may all be refused', async () => {
    provider.revoked.add(newerKey).add(apiKey);
    const error = await refusal((_request, response) => provider.answer(response));
    expect(error.code).toBe('upstream_auth');
    expect(provider.requests).toHaveLength(2);
    expect(alarms).toHaveLength(2);
  });
});

describe('Azure OpenAI', () => {
  it('takes the same two parts, and the key in a header of its own', async () => {
    upstream = connect({ name: 'azure', keyHeader: 'api-key', safetySalt: null });
    await upstream.openCall(offer, spec);
    await upstream.hangup('rtc_1');
    for (const { headers } of provider.requests) {
      expect(headers).toMatchObject({ 'api-key': apiKey });
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('openai-safety-identifier');
    }
    expect(provider.requests.map(({ url }) => url)).toEqual([
      '/v1/realtime/calls',
      '/v1/realtime/calls/rtc_1/hangup',
    ]);
    expect(provider.requests[0]?.body.includes(`application/sdp\r\n\r\n${offer}\r\n`)).toBe(true);
  });

  it('words its refusals in its own way', async () => {
    const reply = json(404, 'DeploymentNotFound');
    expect((await refusal(reply)).cause).toMatchObject({
      message: 'The provider answered 404 DeploymentNotFound',
    });
  });
});

describe('hangup', () => {
  it('ends the call by its id', async () => {
    await upstream.hangup('rtc_7');
    expect(provider.hangups).toEqual(['rtc_7']);
    expect(provider.requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(provider.requests[0]?.body).toHaveLength(0);
  });

  it('is asked for again while it can not be told, and not when the call is gone', async () => {
    provider.hangupStatuses.push(500, 429);
    await upstream.hangup('rtc_7');
    expect(provider.hangups).toEqual(['rtc_7', 'rtc_7', 'rtc_7']);
    provider.hangupStatuses.push(404);
    await upstream.hangup('rtc_8');
    expect(provider.hangups).toHaveLength(4);
  });

  it('is asked for again when no answer came in time, with as much time as before', async () => {
    upstream = connect({ hangupDeadlineMs: 50 });
    provider.silentHangups = 2;
    await upstream.hangup('rtc_7');
    expect(provider.hangups).toEqual(['rtc_7', 'rtc_7', 'rtc_7']);
  });
});

describe('attach', () => {
  it('joins the call with the key, hands on what is understood, and tells the end once', async () => {
    const events: string[] = [];
    let closed = 0;
    const handlers = {
      event: (parsed: { kind: string }) => events.push(parsed.kind),
      closed: () => (closed += 1),
    };
    const signal = AbortSignal.timeout(2000);
    const sideband = await upstream.attach('rtc_1', handlers, signal);
    expect(provider.sidebandKeys).toEqual([`Bearer ${apiKey}`]);
    const call = provider.call('rtc_1');
    expect(sideband.send({ type: 'response.cancel' })).toBe(true);
    await call.next((event) => event.type === 'response.cancel');
    call.send({ type: 'brand.new' });
    await eventually(() => events).toEqual(['known', 'unknown']);
    sideband.close();
    await eventually(() => closed).toBe(1);
    expect(sideband.send({ type: 'response.cancel' })).toBe(false);
  });

  it('notices a connection that died without being closed, and keeps one that is only quiet', async () => {
    const relay = new Relay(provider.url);
    const baseUrl = await relay.listen();
    const pinging = connect({ baseUrl, pingMs: 100 });
    const closed = vi.fn();
    const handlers = { event: () => undefined, closed };
    await pinging.attach('rtc_1', handlers, AbortSignal.timeout(2000));
    await provider.call('rtc_1').pinged(5);
    expect(closed).not.toHaveBeenCalled();
    relay.freeze();
    await eventually(() => closed.mock.calls.length).toBe(1);
    relay.close();
  });

  it('is refused where the call is not known', async () => {
    provider.refuseSideband = 404;
    const handlers = { event: () => undefined, closed: () => undefined };
    const attached = upstream.attach('rtc_1', handlers, AbortSignal.timeout(2000));
    await expect(attached).rejects.toMatchObject({ code: 'call_not_found' });
  });
});
