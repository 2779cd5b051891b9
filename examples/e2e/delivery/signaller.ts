import { silentLogger } from '../../../packages/rtc/src/logger.ts';
import { ProxySignaller } from '../../../packages/rtc/src/signalling/proxy-signaller.ts';
import type {
  Signaller,
  SignallerHandlers,
} from '../../../packages/rtc/src/signalling/signaller.ts';
import type { Session } from './backend.ts';
import type { Network } from './network.ts';

/** Who signals, and where to. */
export interface SignallerOptions {
  /** Of the proxy, `host:port`. */
  address: string;
  session: Session;
  writerId: string;
  network: Network;
  /** At least 0, below 1. */
  random: () => number;
  handlers: SignallerHandlers;
}

/** The real signaller of a page. All that the schedules know of how one is made stands here. */
export function makeSignaller(options: SignallerOptions): Signaller {
  const { address, session, writerId, network, random, handlers } = options;
  return new ProxySignaller({
    addresses: [{ ws: `ws://${address}/ws`, http: `http://${address}/` }],
    token: session.token,
    writerId,
    renew: () => Promise.resolve(session.token),
    handlers,
    ports: { WebSocket: network.WebSocket, fetch: network.fetch, random, now: () => Date.now() },
    logger: silentLogger,
  });
}
