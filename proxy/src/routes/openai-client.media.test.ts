import { startSimulator, type Simulator } from '@interview/simulator';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { plan } from '../testing/interview.ts';
import { NodePeer } from '../testing/node-peer.ts';
import { loadOpenAiClient, type OpenAiClient } from '../testing/openai-client.ts';
import { startProxy, tokenFor, type TestProxy } from '../testing/proxy.ts';

// Real media on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const OpenAIRealtimeWebRTC = await loadOpenAiClient();
let simulator: Simulator;
let proxy: TestProxy;

beforeEach(async () => {
  simulator = await startSimulator({ scenario: { speech: 'tone', tone_chars_per_s: 120 } });
  proxy = await startProxy({ SIMULATION_MODE: 'true', SIMULATOR_URL: simulator.url });
  vi.stubGlobal('RTCPeerConnection', NodePeer);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await proxy.close();
  await simulator.close();
});

/** OpenAI's own client in plain Node: what it asks of a browser is given to it, and nothing of it is replaced. */
function client(): OpenAiClient {
  return new OpenAIRealtimeWebRTC({
    baseUrl: `${proxy.httpUrl}/v1/calls`,
    useInsecureApiKey: true,
    mediaStream: { getAudioTracks: () => [{}] },
    audioElement: {},
  });
}

it('is called by OpenAI’s own client, which hears the interviewer greet and stays connected', async () => {
  const transport = client();
  const said: string[] = [];
  const errors: unknown[] = [];
  transport.on('error', (error) => errors.push(error));
  transport.on('*', (event) => {
    if (event.type === 'response.output_audio_transcript.done') said.push(event.transcript ?? '');
  });
  await transport.connect({ apiKey: await tokenFor(proxy.session) });
  expect(transport.status).toBe('connected');
  expect(transport.callId).toBe(proxy.storage.calls[0]?.id);
  await eventually(() => said).toEqual([plan.greeting]);
  expect(transport.status).toBe('connected');
  expect(errors).toEqual([]);
  transport.close();
});

it('tells OpenAI’s own client what is wrong', async () => {
  await expect(client().connect({ apiKey: 'no token' })).rejects.toThrow(/status 401/);
  expect(proxy.storage.calls).toEqual([]);
});
