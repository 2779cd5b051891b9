import { OpenAIRealtimeWebRTC } from 'openai-client';
import { InterviewSession, type ConsentGiven } from '@interview/rtc';

/** Runs in the browser: one click to the interviewer's first audible sound, by one of three clients. */

/** What the driver tells the page. */
export interface Trial {
  client: Client;
  startUrl: string;
  supabaseKey: string;
  /** Where everybody posts an offer; ours speaks to the same server by its socket. */
  callsUrl: string;
  invitation: string;
  consents: ConsentGiven[];
  /** The microphone was opened before the click. */
  prepared: boolean;
}

export type Client = '@interview/rtc' | '@openai/agents-realtime' | 'by hand';

/** Milliseconds from the click. */
export interface Timing {
  connected: number;
  firstAudio: number;
}

declare global {
  interface Window {
    /** Makes everything ready; the click comes after. */
    ready: (trial: Trial) => Promise<void>;
    /** Resolves with the timing of the one click. */
    timing: Promise<Timing>;
  }
}

/** Level above which a sound is audible; the simulated voice speaks at ten times that. */
const AUDIBLE = 0.005;

const { promise: audible, resolve: heard } = Promise.withResolvers<number>();
const listening = new AudioContext();

/** The same ear for all: whatever connection the page makes, its remote voice is listened to. */
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    this.addEventListener('track', ({ streams, track }) => {
      listen(streams[0] ?? new MediaStream([track]));
    });
  }
};

function listen(stream: MediaStream): void {
  const analyser = listening.createAnalyser();
  analyser.fftSize = 256;
  listening.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    if (!samples.some((sample) => Math.abs(sample) > AUDIBLE)) return;
    clearInterval(timer);
    heard(performance.now());
  }, 2);
}

window.ready = async (trial) => {
  await listening.resume();
  const start = await clients[trial.client](trial);
  window.timing = new Promise((resolve, reject) => {
    addEventListener(
      'click',
      () => {
        const clicked = performance.now();
        const connected = start().then(() => performance.now() - clicked);
        Promise.all([connected, audible]).then(
          ([connectedMs, at]) => resolve({ connected: connectedMs, firstAudio: at - clicked }),
          reject,
        );
      },
      { once: true },
    );
  });
  window.timing.catch(() => undefined);
};

/** Makes ready what may be ready before the click, and returns what the click does. */
const clients: Record<Client, (trial: Trial) => Promise<() => Promise<void>>> = {
  '@interview/rtc': async ({ startUrl, supabaseKey, invitation, consents, prepared }) => {
    const session = new InterviewSession({ startUrl, supabaseKey, invitation });
    // As every page does: who has not looked knows no consents. The others are told them.
    await session.look();
    if (prepared) await session.prepare();
    return () => session.start({ consents });
  },

  '@openai/agents-realtime': async (trial) => {
    const opened = trial.prepared ? await openMicrophone() : null;
    return async () => {
      const [token, mediaStream] = await Promise.all([
        startSession(trial),
        opened ?? openMicrophone(),
      ]);
      const transport = new OpenAIRealtimeWebRTC({
        baseUrl: trial.callsUrl,
        useInsecureApiKey: true,
        mediaStream,
      });
      // What it sends when its channel opens shows the server that it is there; the server lets the model greet.
      await transport.connect({ apiKey: token });
    };
  },

  'by hand': async (trial) => {
    const opened = trial.prepared ? await openMicrophone() : null;
    return async () => {
      const [token, stream] = await Promise.all([startSession(trial), opened ?? openMicrophone()]);
      const peer = new RTCPeerConnection();
      const audio = new Audio();
      audio.autoplay = true;
      peer.addEventListener('track', ({ streams: [remote] }) => {
        audio.srcObject = remote ?? null;
      });
      const [track] = stream.getAudioTracks();
      if (track) peer.addTrack(track, stream);
      const channel = peer.createDataChannel('oai-events');
      const open = new Promise((resolve) => channel.addEventListener('open', resolve));
      await peer.setLocalDescription();
      const reply = await fetch(trial.callsUrl, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
        body: peer.localDescription?.sdp ?? '',
      });
      await peer.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
      await open;
      // The server lets the model greet as soon as it hears of the page; a page may not ask for a response.
      const here = JSON.stringify({ type: 'session.update', session: { type: 'realtime' } });
      const timer = setInterval(() => channel.send(here), 20);
      channel.addEventListener('message', ({ data }) => {
        if (String(data).includes('response.created')) clearInterval(timer);
      });
    };
  },
};

function openMicrophone(): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return navigator.mediaDevices.getUserMedia({ audio });
}

/** What a page without our SDK asks the same function for. */
async function startSession({
  startUrl,
  supabaseKey,
  invitation,
  consents,
}: Trial): Promise<string> {
  const answers = consents.map(async ({ purpose, version, text, granted }) => ({
    purpose,
    version,
    granted,
    locale: 'en',
    text_hash: hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  }));
  const key = crypto.getRandomValues(new Uint8Array(32));
  const device_key = btoa(String.fromCharCode(...key))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  const body = { step: 'start', invitation, device_key, consents: await Promise.all(answers) };
  const reply = await fetch(startUrl, {
    method: 'POST',
    headers: { apikey: supabaseKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await reply.json()) as { token: string }).token;
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
