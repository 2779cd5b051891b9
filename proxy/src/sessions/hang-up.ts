import type { CallId, SessionId } from '@interview/protocol';
import type { Upstream } from '../upstream/port.ts';
import type { Services } from './services.ts';

/**
 * Ends a call at its provider, and writes that down: what a process closed and died before it was hung up, another one
 * hangs up.
 *
 * @throws {ProxyError} an `upstream_…` code; then the hang-up is still owed
 */
export function hangUp(
  { drain, storage, log }: Pick<Services, 'drain' | 'storage' | 'log'>,
  upstream: Upstream,
  { id, providerCallId }: { id: CallId; providerCallId: string },
): Promise<void> {
  return drain.during(async () => {
    await upstream.hangup(providerCallId);
    await storage.callHungUp(id).catch((error: unknown) => {
      // Then it is done twice, which is no harm.
      log.debug({ err: error, call: id }, 'hang-up not written down');
    });
  });
}

/**
 * Hangs up what is owed: calls that were closed by who could not do it any more, and those that nobody looks after.
 * Resolves when it is known which, and rejects where that can't be told.
 *
 * @param claim `session`: of that one alone; `held`: what is looked after here
 */
export async function hangUpOwed(
  services: Services,
  claim: { session: SessionId | null; held: readonly CallId[] },
): Promise<void> {
  const { storage, upstreams, log } = services;
  for (const owed of await storage.claimHangups(claim)) {
    const { call_id: id, provider, provider_call_id: providerCallId } = owed;
    const upstream = upstreams.named(provider);
    if (!upstream) {
      log.error({ call: id, provider }, 'no interviewer of that name: its call is not hung up');
      continue;
    }
    log.warn({ call: id }, 'a call that nobody hung up is hung up');
    hangUp(services, upstream, { id, providerCallId }).catch((error: unknown) => {
      log.warn({ err: error, call: id }, 'call not hung up; it is tried again');
    });
  }
}
