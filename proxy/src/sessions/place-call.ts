import {
  offerProblem,
  type CallId,
  type OfferReason,
  type ServerMessage,
  type WriterId,
} from '@interview/protocol';
import { ProxyError } from '../proxy-error.ts';
import type { OpenedCall, SessionBrief } from '../storage/port.ts';
import type { AnsweredCall, CallSpec, Upstream } from '../upstream/port.ts';
import { capabilitiesOf, specOf } from './call-spec.ts';
import { followCall } from './follow-call.ts';
import { hangUp } from './hang-up.ts';
import type { LiveCall } from './live-call.ts';
import type { LiveSession, Page } from './live-session.ts';

/** The same offer gets the same answer for so long, milliseconds. */
const REPEAT_MS = 60_000;
/** Whoever comes while this process ends is sent to the next one after this, milliseconds. */
const DRAIN_RETRY_MS = 1_000;

/** A candidate's wish for a call. */
export interface Offer {
  id: string;
  writer: WriterId;
  sdp: string;
  reason: OfferReason;
  simulation: boolean;
  /** The page that asks; null for one without a socket. */
  page: Page | null;
  /** Aborted when nobody can come back for the answer. */
  gone?: AbortSignal;
  /** As the page's, when the offer came. */
  brief?: Page['brief'];
}

/** A call and how it was answered. */
export interface PlacedCall {
  call: LiveCall;
  answer: Omit<Extract<ServerMessage, { type: 'answer' }>, 'type' | 'id'>;
}

/**
 * Opens a call: one paid call for one offer, however often it is sent, and one live call a session.
 *
 * @throws {ProxyError} `invalid_offer`, `capacity`, `session_ended`, `session_limit`, `rate_limited`, `call_unknown`, an
 * `upstream_…` code or `storage_unavailable`
 */
export async function placeCall(session: LiveSession, offer: Offer): Promise<PlacedCall> {
  const problem = offerProblem(offer.sdp);
  if (problem !== null) throw new ProxyError('invalid_offer', problem);
  if (!offer.writer.startsWith('b_')) {
    throw new ProxyError('session_mismatch', 'A page may not call in the name of the server.');
  }
  const key = `${offer.writer}.${offer.id}`;
  const known = session.offers.get(key);
  if (known) {
    // Its first connection may be gone: from now on this one is where it is told things.
    session.recognize(offer.page, offer.writer);
    return known;
  }
  // Before anything is opened: who is refused here keeps the call that they have.
  const placed = session.services.offersInFlight.during(() => open(session, offer, key));
  session.offers.set(key, placed);
  setTimeout(() => session.forget(key), REPEAT_MS).unref();
  // What failed is not repeated from memory: the database knows whether it may be tried again.
  placed.catch(() => session.forget(key));
  return placed;
}

async function open(session: LiveSession, offer: Offer, key: string): Promise<PlacedCall> {
  const { upstreams, drain } = session.services;
  if (drain.begun) throw draining();
  const upstream = upstreams.choose(offer.simulation);
  const opened = await openRow(session, { offer, key, provider: upstream.name });
  endFormer(session, opened);
  if (session.hasNewer(opened.ordinal)) throw superseded();
  session.takeOver(offer.page, offer.writer);
  const brief = await orClosed(session, opened, 'storage_unavailable', () =>
    briefFor(session, offer, opened),
  );
  const supervised = upstream.supervised !== false;
  const spec = specOf(brief, { supervised, ownPage: offer.page !== null });
  const answered = await orClosed(session, opened, 'refused', () =>
    ask(session, { offer, opened, spec, upstream }),
  );
  if (session.hasNewer(opened.ordinal)) {
    // The newer offer knew no name to hang this one up by; nor would another process that had to.
    tellName(session, opened, answered);
    end(session, upstream, { id: opened.call_id, ...answered });
    throw superseded();
  }
  const call = followCall(session, { offer, key, opened, brief, spec, upstream, answered });
  return { call, answer: answerFor(opened, { brief, upstream, answered }) };
}

/** What the page is told of a call that was answered. */
function answerFor(
  opened: OpenedCall,
  made: { brief: SessionBrief; upstream: Upstream; answered: AnsweredCall },
): PlacedCall['answer'] {
  const { brief, upstream, answered } = made;
  return {
    sdp: answered.sdp,
    call_id: opened.call_id,
    ordinal: opened.ordinal,
    provider: upstream.dialect,
    capabilities: capabilitiesOf(upstream, brief.session.mode),
    ...(answered.session ? { session: answered.session } : {}),
  };
}

/** Opens the call in the database, which closes the former one with it. */
async function openRow(
  session: LiveSession,
  { offer, key, provider }: { offer: Offer; key: string; provider: string },
): Promise<OpenedCall> {
  const opened = await session.opening(
    session.services.storage.openCall({
      session: session.id,
      offerId: key,
      writer: offer.writer,
      reason: offer.reason,
      provider,
      ownPage: offer.page !== null,
    }),
  );
  if (!opened.repeated) return opened;
  throw new ProxyError('call_unknown', 'It is not known what came of this offer. Make a new one.');
}

/** Does one more step of an offer; where that fails, the call is closed again, for that reason. */
async function orClosed<T>(
  session: LiveSession,
  { call_id: id }: OpenedCall,
  reason: string,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await closeRow(session, id, reason);
    throw error;
  }
}

/** Asks the provider, where the tenant takes it as it is. */
async function ask(
  { services: { storage } }: LiveSession,
  made: { offer: Offer; opened: OpenedCall; spec: CallSpec; upstream: Upstream },
): Promise<AnsweredCall> {
  const { offer, opened, spec, upstream } = made;
  if (upstream.supervised === false) await storage.allowUnsupervised(opened.call_id);
  return upstream.openCall(offer.sdp, spec, offer.gone);
}

async function briefFor(
  { id, services }: LiveSession,
  offer: Offer,
  { ordinal, time_left_s: timeLeft }: OpenedCall,
): Promise<SessionBrief> {
  // Read after the former supervisor was stopped: what it saved last is what we go on from. Before the first call
  // nothing was saved, and an offer that came with its page need not wait for another look.
  const told = ordinal === 1 ? await offer.brief : null;
  const brief = told ?? (await services.storage.sessionBrief(id));
  if (!brief) throw new ProxyError('session_ended', 'This interview does not exist any more.');
  if (timeLeft === null || brief.session.deadline_at !== null) return brief;
  // As the database reckons the deadline: an invitation may have less time left than an interview takes.
  const { interview } = brief;
  const duration = Math.min(interview.duration_s, timeLeft);
  return { ...brief, interview: { ...interview, duration_s: duration } };
}

/** The database has closed them already; at the provider they would go on listening, and cost. */
function endFormer(session: LiveSession, opened: OpenedCall): void {
  const live = session.call;
  if (live && !session.hasNewer(opened.ordinal)) void live.hangUp('superseded');
  for (const { call_id: id, provider, provider_call_id: providerCallId } of opened.former) {
    if (id === live?.id || providerCallId === null) continue;
    // It may have been made with another provider than the new one.
    const upstream = session.services.upstreams.named(provider);
    if (upstream) end(session, upstream, { id, providerCallId });
  }
}

function end(
  { services }: LiveSession,
  upstream: Upstream,
  call: { id: CallId; providerCallId: string },
): void {
  hangUp(services, upstream, call).catch((error: unknown) => {
    services.log.warn({ err: error, call: call.id }, 'superseded call not hung up');
  });
}

function tellName(
  { services: { storage, log, drain } }: LiveSession,
  { call_id: id }: OpenedCall,
  { providerCallId }: AnsweredCall,
): void {
  const told = drain.during(() => storage.callAnswered(id, providerCallId));
  told.catch((error: unknown) => {
    log.warn({ err: error, call: id }, 'name of a superseded call not kept');
  });
}

async function closeRow(
  { services: { storage, log } }: LiveSession,
  id: CallId,
  reason: string,
): Promise<void> {
  await storage.closeCall(id, reason, null).catch((error: unknown) => {
    log.warn({ err: error, call: id }, 'call not closed');
  });
}

function draining(): ProxyError {
  return new ProxyError('draining', 'This server is being replaced. Connect again in a moment.', {
    retryAfterMs: DRAIN_RETRY_MS,
  });
}

function superseded(): ProxyError {
  return new ProxyError('taken_over', 'A newer offer took the place of this one.');
}
