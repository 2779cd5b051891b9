import { expect } from 'vitest';
import type { Talk } from './talk.ts';

/** What a call has seen of its network. */
interface Traffic {
  asked: number;
  answered: number;
  bytesReceived: number;
}

/**
 * Cuts a page off. Chromium takes WebRTC off the network only where its emulation was on, however mildly, before the
 * connection was made (found with 156); what was switched on later would cut nothing, so each cut is proved.
 */
export class MediaCut {
  readonly #talk: Talk;

  private constructor(talk: Talk) {
    this.#talk = talk;
  }

  /** To be called before the page makes a connection. */
  static async prepare(talk: Talk): Promise<MediaCut> {
    await talk.cdp.send('Network.enable');
    const cut = new MediaCut(talk);
    await cut.#emulate(false);
    return cut;
  }

  async begin(): Promise<void> {
    await this.#emulate(true);
  }

  /** Puts the network back. @returns when it was, on the clock of `performance.now`, milliseconds */
  async end(): Promise<number> {
    await this.#emulate(false);
    return performance.now();
  }

  /** Makes sure that nothing comes through although the page goes on asking. */
  async prove(): Promise<void> {
    // What was under way arrives.
    await this.#talk.page.waitForTimeout(500);
    const before = await trafficOf(this.#talk);
    await expect
      .poll(async () => (await trafficOf(this.#talk)).asked - before.asked, { timeout: 10_000 })
      .toBeGreaterThan(2);
    const after = await trafficOf(this.#talk);
    expect({ ...after, asked: before.asked }).toEqual(before);
    expect(before.answered).toBeGreaterThan(0);
  }

  async #emulate(offline: boolean): Promise<void> {
    await this.#talk.cdp.send('Network.emulateNetworkConditions', {
      offline,
      latency: 20,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
  }
}

/** Counts what the page's newest connection asked and got. */
export function trafficOf({ page }: Talk): Promise<Traffic> {
  return page.evaluate(async () => {
    const stats = await window.watchedMedia.peers.at(-1)?.getStats();
    const traffic = { asked: 0, answered: 0, bytesReceived: 0 };
    for (const stat of (stats?.values() ?? []) as Iterable<RTCIceCandidatePairStats>) {
      if (stat.type !== 'candidate-pair') continue;
      traffic.asked += stat.requestsSent ?? 0;
      traffic.answered += stat.responsesReceived ?? 0;
      traffic.bytesReceived += stat.bytesReceived ?? 0;
    }
    return traffic;
  });
}
