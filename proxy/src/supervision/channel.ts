import type { ParsedServerEvent, RealtimeClientEvent } from '@interview/protocol';
import { delay } from './delay.ts';
import type { Sideband, Upstream } from '../upstream/port.ts';
import { within } from './within.ts';

/** Between two attempts to attach, milliseconds. */
const RETRY_MS = 200;
/** A channel that broke must be back within this, milliseconds. */
const REOPEN_MS = 5_000;

export interface ChannelOptions {
  upstream: Upstream;
  providerCallId: string;
  event: (event: ParsedServerEvent) => void;
  /** It broke: the provider, the network, or somebody who hung the call up. */
  broke: () => void;
  /** It broke and is back; what happened meanwhile is not known. */
  back: () => void;
  /** It broke and can't be had again. */
  lost: (error: unknown) => void;
}

/** The server's channel into one call, which comes back when it breaks. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #stop = new AbortController();
  #sideband: Sideband | null = null;
  /** What was to be sent while it was broken. */
  #unsent: RealtimeClientEvent[] = [];

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** Attaches, again and again until `signal` gives up, as it must when this is closed; rejects then. */
  async open(signal: AbortSignal): Promise<void> {
    const { upstream, providerCallId, event } = this.#options;
    for (;;) {
      try {
        const handlers = { event, closed: () => void this.#reopen() };
        const sideband = await upstream.attach(providerCallId, handlers, signal);
        this.#sideband = sideband;
        if (!signal.aborted) return;
        sideband.close();
        throw new Error('given up');
      } catch (error) {
        // A call that was just answered may not be known on every machine of the provider yet.
        if (signal.aborted) throw error;
        await delay(RETRY_MS, signal, error);
      }
    }
  }

  /** What can't leave now leaves when the channel is back. */
  send(event: RealtimeClientEvent): void {
    if (this.#sideband?.send(event) !== true && !this.#stopped()) this.#unsent.push(event);
  }

  close(): void {
    this.#stop.abort();
    this.#sideband?.close();
  }

  async #reopen(): Promise<void> {
    if (this.#stopped()) return;
    this.#options.broke();
    const { signal, end } = within(REOPEN_MS, this.#stop.signal);
    try {
      await this.open(signal);
      this.#options.back();
      // After what looks where the conversation stands: that is not of our making.
      for (const event of this.#unsent.splice(0)) this.send(event);
    } catch (error) {
      if (!this.#stopped()) this.#options.lost(error);
    } finally {
      end();
    }
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }
}
