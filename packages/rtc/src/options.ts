import type { OutboxStore } from './delivery/store.ts';
import type { Logger } from './logger.ts';
import type { ConnectTransport } from './transport/transport.ts';

/**
 * What a session takes from its surroundings. Each can be replaced, for tests and for unusual pages.
 *
 * @example
 * const ports: Partial<Ports> = { localStorage: null, now: () => clock.now() };
 * new InterviewSession({ startUrl, invitation, ports });
 */
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
  /** Keeps two pages of one browser from sending the same rows at once; null sends without asking. */
  locks: LockManager | null;
  /** Keeps the screen on while the talk is live; null lets it go dark. Default: the browser's own. */
  wakeLock?: WakeLock | null | undefined;
  /** Safari's way to be told that a page records and plays; null elsewhere. */
  audioSession: { type: string } | null;
  /** Records a practice; null where the browser can't. Default: the browser's own. */
  createRecorder?: ((stream: MediaStream) => MediaRecorder) | null | undefined;
  /** Tells in-app browsers apart. */
  userAgent: string;
  /** Listens to what happens to the page, until `signal` is aborted. */
  onPage: (signal: PageSignal, listener: () => void, until: AbortSignal) => void;
  /** Wall clock, milliseconds. */
  now: () => number;
  /** At least 0, below 1. */
  random: () => number;
}

/**
 * What happens to a page: it is left (closed, reloaded, put aside), comes back from the browser's page cache, is seen
 * again, or finds itself on another network.
 *
 * @example
 * const onPage: Ports['onPage'] = (signal, listener, until) =>
 *   page.addEventListener(signal, listener, { signal: until });
 */
export type PageSignal = 'leave' | 'return' | 'visible' | 'network';

/**
 * The body of a request to `interview-start`. Without an invitation it holds neither that nor a device key.
 *
 * @example
 * const { step, locale, ...rest }: StepRequest = await request.json();
 */
export type StepRequest = { step: 'look' | 'ask' | 'start'; locale: string } & Record<
  string,
  unknown
>;

/**
 * Asks a backend of one's own in place of `startUrl`. Returns what `interview-start` replied to it, as parsed JSON; what
 * it throws becomes `start_unreachable`, unless it is an `InterviewError`.
 *
 * `signal` is aborted when the interview is given up, after 15 s, and once the answer is there: nothing that outlives the
 * answer may depend on it.
 *
 * @example
 * const backend: StartBackend = async (request, signal) => {
 *   const reply = await fetch('/my/interview', { method: 'POST', body: JSON.stringify(request), signal });
 *   return reply.json();
 * };
 */
export type StartBackend = (request: StepRequest, signal: AbortSignal) => Promise<unknown>;

/**
 * The part of a supabase-js client that is used; any version's client fits.
 *
 * @example
 * const supabase: FunctionsClient = createClient(projectUrl, publishableKey);
 * new InterviewSession({ supabase, invitation });
 */
export interface FunctionsClient {
  functions: {
    invoke(
      name: string,
      options: { body: Record<string, unknown>; signal?: AbortSignal },
    ): Promise<{ data: unknown; error: unknown; response?: Response }>;
  };
}

/**
 * What an interview needs to know. One of `startUrl`, `backend` and `supabase` says whom to ask.
 *
 * @example
 * const options: InterviewSessionOptions = { startUrl, invitation, locale: 'de', logger: console };
 */
export interface InterviewSessionOptions {
  /** Address of the `interview-start` function. */
  startUrl?: string | URL;
  /** A backend of one's own, which asks `interview-start` with the tenant's key. */
  backend?: StartBackend;
  /** A supabase-js client, whose signed-in user goes along. */
  supabase?: FunctionsClient;
  /** The token of the candidate's link, `inv_…`. Not needed where the backend knows the session. */
  invitation?: string;
  /** False on a shared computer: nothing of this interview is kept for after this page. Default: true. */
  remember?: boolean;
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

/**
 * A candidate's answer to a consent: the very text that was shown, which is hashed here.
 *
 * @example
 * const { purpose, version, text } = about.consents[0];
 * await session.start({ consents: [{ purpose, version, text, granted: checkbox.checked }] });
 */
export interface ConsentGiven {
  purpose: string;
  version: string;
  text: string;
  granted: boolean;
}

/**
 * What `start` needs.
 *
 * @example
 * await session.start({ consents, mode: 'text' });
 */
export interface StartInput {
  consents: ConsentGiven[];
  /** Default: `voice`. */
  mode?: 'voice' | 'text';
}

/**
 * Readings of both voices, 0 to 1.
 *
 * @example
 * const { candidate } = session.levels();
 * meter.style.scale = `${candidate} 1`;
 */
export interface Levels {
  candidate: number;
  interviewer: number;
}

/**
 * What a candidate can ask people for. `help` only while the interview runs.
 *
 * @example
 * await session.ask('adjustment', 'I need more time for each answer.');
 */
export type AskKind = 'adjustment' | 'human' | 'help';

/**
 * What a candidate thinks of the interview.
 *
 * @example
 * await session.giveFeedback({ rating: 4, text: 'Calm, and to the point.' });
 */
export interface Feedback {
  /** 1 to 5. */
  rating?: number;
  text?: string;
}

/**
 * An interview that was begun in this browser in the last 24 hours and not finished.
 *
 * @example
 * const [unfinished] = await InterviewSession.resumable();
 * if (unfinished) offer(`Go on with ${unfinished.title}`, unfinished.invitation);
 */
export interface ResumableInterview {
  /** Leads back in: for the options of a new session. */
  readonly invitation: string;
  readonly title: string;
  /** Wall clock when it was begun or last gone on with, milliseconds. */
  readonly savedAt: number;
  /** «Not me»: this browser forgets it. */
  forget(): Promise<void>;
}

/**
 * What a candidate can ask for by a button.
 *
 * @example
 * await session.act('repeat');
 */
export type CandidateAction = 'done' | 'skip' | 'repeat' | 'withdraw';
