import type { WriterId } from '@interview/protocol';
import { errorMessage, ProxyError } from '../proxy-error.ts';
import type { SessionBrief, StoredCall } from '../storage/port.ts';
import type { Loss } from '../supervision/lease.ts';
import type { Upstream } from '../upstream/port.ts';
import type { Arrival } from './greeting.ts';
import { LiveCall } from './live-call.ts';
import type { LiveSession } from './live-session.ts';

/**
 * Goes on with a call of a session that no process looks after. The page that has the call brings its supervisor along
 * from wherever it is: `stays` for a page that is told what happens as long as it is here.
 */
export function adoptCall(session: LiveSession, brief: SessionBrief, page: Arrival): void {
  const { services, call } = session;
  const open = brief.calls.findLast((one) => one.closed_at === null);
  // Whoever is about to end would only let go of it again.
  if (!open || open.provider_call_id === null || services.drain.begun) return;
  // Its own process is about to take it.
  if (open.connected_at === null && open.holder === null) return;
  // The page that was greeted may have made an offer meanwhile, which ends the call of before; or that was read long ago.
  if (session.mayHaveNewer(open.ordinal)) return;
  if (isHeldBy(call, open)) return;
  const elsewhere = open.holder !== null && open.holder !== services.holder;
  const actor = page.writer !== null && page.writer === open.writer_id;
  if (elsewhere && !(actor && page.stays)) {
    if (actor) showPresence(session);
    return;
  }
  const upstream = services.upstreams.named(open.provider);
  const { provider_call_id: providerCallId } = open;
  if (upstream) takeUp(session, { brief, open, providerCallId, upstream, byForce: elsewhere });
  else if (!elsewhere) void giveUp(session, open);
}

/** Looked after here, or just being taken: what was read of it may be older than its lease. */
function isHeldBy(call: LiveCall | null, open: StoredCall): boolean {
  if (call?.id !== open.id) return false;
  return (call.supervisor.epoch ?? Infinity) >= (open.epoch ?? 0);
}

function takeUp(
  session: LiveSession,
  made: {
    brief: SessionBrief;
    open: StoredCall;
    providerCallId: string;
    upstream: Upstream;
    byForce: boolean;
  },
): void {
  const { brief, open, providerCallId, upstream, byForce } = made;
  const call: LiveCall = new LiveCall({
    services: session.services,
    upstream,
    call: {
      id: open.id,
      ordinal: open.ordinal,
      providerCallId,
      startedAt: Date.parse(open.connected_at ?? '') || Date.now(),
    },
    writer: open.writer_id,
    brief,
    spec: null,
    adopted: byForce ? 'by_force' : 'when_free',
    connected: open.connected_at !== null,
    tell: (message) => session.tell(message),
    // Other clients can't show that they are there; their calls end by the clock.
    present: () => !open.own_page || session.present,
    left: (reason) => session.completion.expect(reason),
    lost: (loss) => lose(session, loss),
    closed: () => session.drop(call),
  });
  const { deadline_at: deadline } = brief.session;
  if (open.connected_at !== null && deadline !== null) {
    call.supervisor.connected(Date.parse(deadline));
  }
  session.takeUp(call);
}

/** Another process has the call, or a newer call the session. What was claimed while its page is here comes back. */
export function lose(session: LiveSession, { actor, claimed }: Loss): void {
  if (claimed && actor !== null && session.hasPageOf(actor)) void takeBack(session, actor);
  else session.lost(actor);
}

/** As after an outage of the database, in which no lease could be renewed. */
async function takeBack(session: LiveSession, writer: WriterId): Promise<void> {
  const { storage, log } = session.services;
  await session.during(async () => {
    try {
      const brief = await storage.sessionBrief(session.id);
      if (brief?.session.status === 'active') adoptCall(session, brief, { writer, stays: true });
    } catch (error) {
      log.warn({ err: error, session: session.id }, 'call not taken back');
    }
  });
}

/** Nobody here speaks with its provider any more: it can only be forgotten, so that it counts as no call. */
async function giveUp(session: LiveSession, { id, provider, epoch }: StoredCall): Promise<void> {
  const { storage, log, drain } = session.services;
  log.error({ call: id, provider }, 'no interviewer of that name: its call is given up');
  try {
    if (!(await drain.during(() => storage.closeCall(id, 'provider_unknown', epoch)))) return;
  } catch (error) {
    log.warn({ err: error, call: id }, 'call not closed');
    return;
  }
  const told = new ProxyError('supervision_unavailable', 'This call can not go on. Try again.');
  session.tell(errorMessage(told));
}

/** The page talks through a process that does not supervise its call: the one that does must know that it is there. */
function showPresence({ id, services: { storage, log } }: LiveSession): void {
  storage.sendCommand(id, { type: 'ping', id: 'present' }).catch((error: unknown) => {
    log.debug({ err: error }, 'presence not told');
  });
}
