import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../proxy-error.ts';
import { answerSdp, offer } from '../testing/interview.ts';
import { eventually } from '../testing/eventually.ts';
import { Provider, type Reply } from '../testing/provider.ts';
import { Relay } from '../testing/relay.ts';
import { turnDetectionOf } from '../supervision/turn-detection.ts';
import { openAiRealtime } from './openai-realtime.ts';
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
  safetyIdentifier: 'a'.repeat(64),
};

let provider: Provider;
let upstream: Upstream;
const options = {
  name: 'openai',
  apiKey,
  model: 'gpt-realtime-2.1',
  transcriptionModel: 'gpt-transcribe',
  voice: 'marin',
  deadlineMs: 300,
};

beforeEach(async () => {
  provider = new Provider();
  upstream = openAiRealtime({ ...options, baseUrl: await provider.listen() });
});
afterEach(() => provider.close());

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
      'openai-safety-identifier': 'a'.repeat(64),
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
    ['3', 3000],
    ['not a time', 2000],
    ['86400', 60_000],
  ])('hands on Retry-After %s', async (value, ms) => {
    const error = await refusal(json(429, 'rate_limit_exceeded', { 'retry-after': value }));
    expect(error).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: ms });
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
  });
});

describe('hangup', () => {
  it('ends the call by its id', async () => {
    await upstream.hangup('rtc_7');
    expect(provider.hangups).toEqual(['rtc_7']);
    expect(provider.requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(provider.requests[0]?.body).toHaveLength(0);
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
    const pinging = openAiRealtime({ ...options, baseUrl, pingMs: 100 });
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
    await expect(attached).rejects.toMatchObject({ code: 'upstream_unavailable' });
  });
});
