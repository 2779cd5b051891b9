import { IndexedDbStore } from '../delivery/indexeddb-store.ts';
import { MemoryStore } from '../delivery/memory-store.ts';
import type { OutboxStore } from '../delivery/store.ts';
import { InterviewError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Ports } from '../options.ts';
import { webRtcTransport } from '../transport/webrtc.ts';
import { listenToPage } from './page-signals.ts';

/** Safari's has an audio session. */
type BrowserNavigator = Navigator & { audioSession: { type: string } };

/** What the browser gives, with `replaced` in its place. Reads the surroundings only when called. */
export function browserPorts(replaced: Partial<Ports>, logger: Logger): Ports {
  const { indexedDB = given(() => globalThis.indexedDB) } = replaced;
  const {
    mediaDevices = null,
    locks = null,
    audioSession = null,
    userAgent = '',
  } = (globalThis.navigator as Partial<BrowserNavigator> | undefined) ?? {};
  return {
    mediaDevices,
    locks,
    audioSession,
    userAgent,
    fetch: (...request) => globalThis.fetch(...request),
    WebSocket: globalThis.WebSocket,
    createAudioContext: 'AudioContext' in globalThis ? () => new AudioContext() : null,
    createAudio: 'Audio' in globalThis ? () => new Audio() : null,
    connectTransport: webRtcTransport(newPeer),
    openStore: () => openStore(indexedDB, logger),
    indexedDB,
    localStorage: given(() => globalThis.localStorage),
    onPage: listenToPage,
    now: () => Date.now(),
    random: () => Math.random(),
    ...replaced,
  };
}

/** null where there is none, and where the browser throws for asking (storage in a sandboxed frame). */
function given<T>(read: () => T | undefined): T | null {
  try {
    return read() ?? null;
  } catch {
    return null;
  }
}

function newPeer(): RTCPeerConnection {
  if ('RTCPeerConnection' in globalThis) return new RTCPeerConnection();
  throw new InterviewError('unsupported_browser');
}

async function openStore(indexedDB: IDBFactory | null, logger: Logger): Promise<OutboxStore> {
  try {
    if (indexedDB) return await IndexedDbStore.open(indexedDB);
  } catch (error) {
    logger.warn('Rows kept in memory.', { error });
  }
  return new MemoryStore();
}
