import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerSdp, offer } from '../testing/interview.ts';
import { Provider } from '../testing/provider.ts';
import { turnDetectionOf } from '../supervision/turn-detection.ts';
import { ApiKeys } from './api-keys.ts';
import { openAiBeta } from './openai-beta.ts';
import type { CallSpec, Upstream } from './port.ts';

// Real sockets and timers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const spec: CallSpec = {
  instructions: 'Be an interviewer.',
  tools: [],
  mode: 'voice',
  turnDetection: turnDetectionOf('voice'),
  language: 'de-AT',
  candidateId: '9b2a3a4e-7a0e-4a0c-8f44-000000000001',
  ownPage: true,
};

let provider: Provider;
let upstream: Upstream;

beforeEach(async () => {
  provider = new Provider();
  upstream = openAiBeta({
    name: 'openai-beta',
    keys: new ApiKeys(['sk-newer', 'sk-older']),
    keyHeader: 'authorization',
    baseUrl: await provider.listen(),
    model: 'own/realtime 1',
    transcriptionModel: 'whisper-1',
    voice: 'alloy',
    deadlineMs: 2_000,
  });
});
afterEach(() => provider.close());

describe('the retired beta shape', () => {
  it('sends the bare offer, byte for byte, with the model in the address', async () => {
    const answered = await upstream.openCall(offer, spec);
    expect(answered.sdp).toBe(answerSdp);
    const [request, ...others] = provider.requests;
    expect(others).toEqual([]);
    expect(request?.method).toBe('POST');
    expect(request?.url).toBe('/v1/realtime?model=own%2Frealtime%201');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/sdp',
      authorization: 'Bearer sk-newer',
      'openai-beta': 'realtime=v1',
    });
    expect(request?.body.equals(Buffer.from(offer))).toBe(true);
  });

  it('leaves the session to the page, in the words of the beta', async () => {
    const { session } = await upstream.openCall(offer, spec);
    expect(session).toEqual({
      modalities: ['audio', 'text'],
      instructions: 'Be an interviewer.',
      voice: 'alloy',
      input_audio_transcription: { model: 'whisper-1', language: 'de' },
      turn_detection: spec.turnDetection,
    });
    const written = await upstream.openCall(offer, { ...spec, mode: 'text', turnDetection: null });
    expect(written.session).toEqual({
      modalities: ['text'],
      instructions: 'Be an interviewer.',
      turn_detection: null,
    });
  });

  it('takes 200 for an answer too, and a call without a name, which is not hung up by one', async () => {
    provider.reply = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/sdp' }).end(answerSdp);
    const { providerCallId } = await upstream.openCall(offer, spec);
    expect(providerCallId).toMatch(/^unnamed-/);
    await upstream.hangup(providerCallId);
    expect(provider.hangups).toEqual([]);
  });

  it('hangs up a call that was named', async () => {
    const { providerCallId } = await upstream.openCall(offer, spec);
    await upstream.hangup(providerCallId);
    expect(provider.hangups).toEqual(['rtc_1']);
  });

  it('moves on from a refused key, and asks no second time after any other failure', async () => {
    provider.revoked.add('sk-newer');
    await upstream.openCall(offer, spec);
    expect(provider.requests[1]?.headers.authorization).toBe('Bearer sk-older');
    provider.requests.length = 0;
    provider.reply = (_request, response) => response.destroy();
    await expect(upstream.openCall(offer, spec)).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
    expect(provider.requests).toHaveLength(1);
  });

  it('is told in the log when OpenAI itself refuses it', async () => {
    provider.reply = (_request, response) =>
      response.writeHead(400).end('{"error":{"code":"beta_api_shape_disabled"}}');
    await expect(upstream.openCall(offer, spec)).rejects.toMatchObject({
      code: 'upstream_rejected',
      cause: { message: 'The provider answered 400 beta_api_shape_disabled' },
    });
  });

  it('can not be had by clients that do not set the session', async () => {
    await expect(upstream.openCall(offer, { ...spec, ownPage: false })).rejects.toMatchObject({
      code: 'unsupported',
    });
    expect(provider.requests).toEqual([]);
  });
});
