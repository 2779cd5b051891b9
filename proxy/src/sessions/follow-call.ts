import type { OpenedCall, SessionBrief } from '../storage/port.ts';
import type { AnsweredCall, CallSpec, Upstream } from '../upstream/port.ts';
import { lose } from './adopt-call.ts';
import { LiveCall } from './live-call.ts';
import type { LiveSession, Page } from './live-session.ts';
import type { Offer } from './place-call.ts';

/** A page that went away while it was answered may come back for the answer within this, milliseconds. */
const RETURN_MS = 3_000;

/** An offer and all that came of it. */
export interface MadeCall {
  offer: Pick<Offer, 'writer' | 'page'>;
  /** By which the session remembers the answer. */
  key: string;
  opened: OpenedCall;
  brief: SessionBrief;
  spec: CallSpec;
  upstream: Upstream;
  answered: AnsweredCall;
}

/** Looks after a call that the provider has just answered. */
export function followCall(session: LiveSession, made: MadeCall): LiveCall {
  const call = liveCallOf(session, made);
  endUnlessBack(session, call, made.offer.page);
  // Without its name nobody could hang it up after us.
  void session.services.drain.during(() => recordAnswer(session, call, made.answered));
  session.carry(call);
  return call;
}

function liveCallOf(session: LiveSession, made: MadeCall): LiveCall {
  const { offer, key, opened, brief, spec, upstream, answered } = made;
  const call: LiveCall = new LiveCall({
    services: session.services,
    upstream,
    call: {
      id: opened.call_id,
      ordinal: opened.ordinal,
      providerCallId: answered.providerCallId,
      startedAt: Date.now(),
    },
    writer: offer.writer,
    brief,
    spec,
    adopted: false,
    connected: false,
    tell: (message) => session.tell(message),
    // A client without a socket can't show that it is there; its call ends by the clock.
    present: () => offer.page === null || session.present,
    left: (reason) => session.completion.expect(reason),
    lost: (loss) => lose(session, loss),
    closed: () => {
      session.offers.delete(key);
      session.drop(call);
    },
  });
  return call;
}

function endUnlessBack(session: LiveSession, call: LiveCall, page: Page | null): void {
  if (page === null || session.has(page)) return;
  setTimeout(() => {
    if (session.pages === 0) void call.hangUp('client_gone');
  }, RETURN_MS).unref();
}

async function recordAnswer(
  session: LiveSession,
  call: LiveCall,
  { providerCallId }: AnsweredCall,
): Promise<void> {
  const { storage, log } = session.services;
  try {
    const { ok, actor } = await storage.callAnswered(call.id, providerCallId);
    if (ok) return;
    // A newer offer that came by another process knew no name to hang this call up by.
    void call.hangUp('superseded');
    session.lost(actor);
  } catch (error) {
    log.error({ err: error, call: call.id }, 'answer not recorded');
    void call.hangUp('storage_unavailable');
  }
}
