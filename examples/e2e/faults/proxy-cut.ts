import type { WebSocketRoute } from 'playwright-core';
import { inject } from 'vitest';
import type { Talk } from './talk.ts';

/** Cuts a page off from the proxy, over both doors, and from nothing else. */
export class ProxyCut {
  readonly #open = new Set<() => void>();
  #cut = false;
  /** How often the page knocked in vain since the cut. */
  refused = 0;

  /** To be called before the page connects. */
  static async prepare({ page }: Talk): Promise<ProxyCut> {
    const { proxyUrl } = inject('stack');
    const cut = new ProxyCut();
    const socketUrl = proxyUrl.replace(/^http/, 'ws');
    await page.routeWebSocket(
      ({ href }) => href.startsWith(socketUrl),
      (socket) => cut.#take(socket),
    );
    await page.route(`${proxyUrl}/**`, (route) => {
      if (!cut.#cut) return route.continue();
      cut.refused += 1;
      return route.abort();
    });
    return cut;
  }

  /** Cuts what is there, and whatever comes until the end. @returns how many connections that were */
  begin(): number {
    this.#cut = true;
    const connections = this.#open.size;
    for (const close of this.#open) close();
    this.#open.clear();
    return connections;
  }

  end(): void {
    this.#cut = false;
  }

  #take(socket: WebSocketRoute): void {
    if (this.#cut) {
      this.refused += 1;
      void socket.close({ code: 3000 });
      return;
    }
    const server = socket.connectToServer();
    const close = (): void => {
      void server.close();
      void socket.close({ code: 3000 });
    };
    this.#open.add(close);
    server.onClose((code, reason) => {
      this.#open.delete(close);
      void socket.close({ ...(code === undefined ? {} : { code }), ...(reason && { reason }) });
    });
  }
}
