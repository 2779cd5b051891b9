import { ProxyError } from '../proxy-error.ts';
import { hangUp } from './hang-up.ts';
import type { LiveSession } from './live-session.ts';

/** A call of a session, whichever process looks after it. */
export interface FoundCall {
  id: string;
  /** Ends it at the provider and in the database. */
  hangUp: (reason: string) => Promise<void>;
}

/**
 * The open call of that id, if it is one of the session's own.
 *
 * @throws {ProxyError} `call_not_found`, `storage_unavailable`
 */
export async function findCall(session: LiveSession, id: string): Promise<FoundCall> {
  if (session.call?.id === id) return session.call;
  const { storage, upstreams } = session.services;
  const brief = await storage.sessionBrief(session.id);
  const stored = brief?.calls.find((call) => call.id === id && call.closed_at === null);
  if (!stored) {
    throw new ProxyError('call_not_found', 'There is no such call. It may have ended already.');
  }
  const { provider, provider_call_id: providerCallId } = stored;
  return {
    id,
    hangUp: async (reason) => {
      // Its supervisor, on another machine, sees that the call is gone.
      const upstream = upstreams.named(provider);
      if (providerCallId !== null && upstream) {
        await hangUp(session.services, upstream, { id: stored.id, providerCallId });
      }
      await storage.closeCall(stored.id, reason, null);
    },
  };
}
