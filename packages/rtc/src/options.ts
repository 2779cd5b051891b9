import type { OutboxStore } from './delivery/store.ts';
import type { Logger } from './logger.ts';
import type { ConnectTransport } from './transport/transport.ts';

/** What a session takes from its surroundings. Each can be replaced, for tests and for unusual pages. */
export interface Ports {
  fetch: typeof globalThis.fetch;
  WebSocket: new (url: string, protocols: string[]) => WebSocket;
  /** Where the microphone comes from; null where the page may not have one. */
  mediaDevices: MediaDevices | null;
  /** Measures levels; null shows none. */
  createAudioContext: (() => AudioContext) | null;
  /** Plays the interviewer; null where nothing can be played. */
  createAudio: (() => HTMLAudioElement) | null;
  /** Makes one attempt to connect. */
  connectTransport: ConnectTransport;
  /** Opens the store of rows. */
  openStore: () => Promise<OutboxStore>;
  /** Holds device keys; null where the browser has none. */
  indexedDB: IDBFactory | null;
  localStorage: Storage | null;
  /** Wall clock, milliseconds. */
  now: () => number;
  /** At least 0, below 1. */
  random: () => number;
}

/** What an interview needs to know. */
export interface InterviewSessionOptions {
  /** Address of the `interview-start` function. */
  startUrl: string | URL;
  /** The token of the candidate's link, `inv_…`. */
  invitation?: string;
  /** Publishable key of the project, sent as `apikey`. */
  supabaseKey?: string;
  /** Address(es) of the proxy, tried in order, instead of the one that the start names. */
  serverUrl?: string | string[];
  /** BCP 47 tag of the page's language. Default: the browser's. */
  locale?: string;
  /** Asks for the simulated interviewer; honoured only where the server allows it. */
  simulation?: boolean;
  /** Plays no sound: the candidate reads. */
  captionsOnly?: boolean;
  /** Default: says nothing. */
  logger?: Logger;
  ports?: Partial<Ports>;
}

/** A candidate's answer to a consent: the very text that was shown, which is hashed here. */
export interface ConsentGiven {
  purpose: string;
  version: string;
  text: string;
  granted: boolean;
}

/** What `start` needs. */
export interface StartInput {
  consents: ConsentGiven[];
  /** Default: `voice`. */
  mode?: 'voice' | 'text';
}

/** Readings of both voices, 0 to 1. */
export interface Levels {
  candidate: number;
  interviewer: number;
}

/** What a candidate can ask for by a button. */
export type CandidateAction = 'done' | 'skip' | 'repeat' | 'withdraw';
