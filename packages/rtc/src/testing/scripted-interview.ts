import { IDBFactory } from 'fake-indexeddb';
import { InterviewSession } from '../interview-session.ts';
import type { InterviewSessionOptions, PageSignal, Ports } from '../options.ts';
import { ScriptedProxy } from './scripted-proxy.ts';
import { scriptedTransport, type ScriptedTransport } from './scripted-transport.ts';

export const invitation = `inv_${'i'.repeat(43)}`;
export const consents = [{ purpose: 'processing', version: '1', text: 'I agree.', granted: true }];

/** A microphone's track without a microphone. */
export class FakeTrack extends EventTarget {
  enabled = true;
  readyState = 'live';
  muted = false;
  readonly kind = 'audio';
  getSettings = (): object => ({ deviceId: 'mic-1' });
  stop(): void {
    this.readyState = 'ended';
  }
}

/** Everything around sessions of one browser, as the test says it is. */
export class ScriptedInterview {
  readonly proxy = new ScriptedProxy();
  readonly transport: ScriptedTransport = scriptedTransport();
  /** Every microphone that was opened. */
  readonly tracks: FakeTrack[] = [];
  readonly indexedDB = new IDBFactory();
  readonly #sessions: InterviewSession[] = [];
  readonly #page = new Map<PageSignal, Set<() => void>>();
  /** What `getUserMedia` does. */
  microphone = (): Promise<MediaStream> => {
    const track = new FakeTrack();
    this.tracks.push(track);
    const all = (): FakeTrack[] => [track];
    return Promise.resolve({ getAudioTracks: all, getTracks: all } as unknown as MediaStream);
  };

  /** A session in this browser. */
  session(options: Partial<InterviewSessionOptions> = {}): InterviewSession {
    const session = new InterviewSession({
      startUrl: 'https://start.test/interview-start',
      invitation,
      ...options,
      ports: { ...this.ports, ...options.ports },
    });
    this.#sessions.push(session);
    return session;
  }

  get ports(): Partial<Ports> {
    const mediaDevices = Object.assign(new EventTarget(), {
      getUserMedia: () => this.microphone(),
      enumerateDevices: () => Promise.resolve([]),
    });
    return {
      fetch: this.proxy.fetch,
      WebSocket: this.proxy.WebSocket,
      connectTransport: this.transport.connect,
      mediaDevices: mediaDevices as unknown as MediaDevices,
      indexedDB: this.indexedDB,
      localStorage: null,
      locks: null,
      random: () => 0,
      onPage: (signal, listener, until) => {
        const listeners = this.#page.get(signal) ?? new Set();
        this.#page.set(signal, listeners.add(listener));
        until.addEventListener('abort', () => listeners.delete(listener), { once: true });
      },
    };
  }

  /** Something happens to the page. */
  page(signal: PageSignal): void {
    for (const listener of [...(this.#page.get(signal) ?? [])]) listener();
  }

  /** How many listen to the page. */
  get pageListeners(): number {
    return [...this.#page.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Says something as the provider, in the call that was made last. */
  say(...events: object[]): void {
    for (const event of events) this.transport.call.say(event);
  }

  /** Texts of the rows that the server holds. */
  get heldTexts(): string[] {
    return [...this.proxy.held.values()].map(({ text }) => text);
  }

  close(): void {
    for (const session of this.#sessions) session.destroy();
  }
}
