import type { CallId, ServerMessage } from '@interview/protocol';
import { InterviewError, type InterviewErrorCode } from '../errors.ts';
import type { Signaller, SignallerRequest } from '../signalling/signaller.ts';

/** How long the proxy may take to answer an offer, milliseconds: the provider's time is in it. */
const ANSWER_MS = 25_000;
const BEGIN_MS = 15_000;
/** How often an offer is sent, under the same id, while its reply is lost or no connection takes it. */
const OFFER_ATTEMPTS = 4;
/** How long a call waits for the connection to the proxy to come back, milliseconds. */
const CONNECTION_MS = 45_000;

/** The proxy's answer to an offer. */
export type Answer = Extract<ServerMessage, { type: 'answer' }>;
type Offer = Extract<SignallerRequest, { type: 'offer' }>;

/**
 * Sends an offer and repeats it where its reply was lost: the same id never makes a second call.
 *
 * @throws InterviewError answer_timeout, proxy_unreachable, offer_refused, upstream_unavailable
 */
export async function requestOffer(
  signaller: Signaller,
  offer: Offer,
  signal: AbortSignal,
): Promise<Answer> {
  const id = signaller.newId();
  for (let attempt = 1; ; attempt++) {
    // The first may go out with the opening of the connection.
    if (attempt > 1) await signaller.whenReady(CONNECTION_MS);
    try {
      const reply = await signaller.request(offer, ANSWER_MS, id);
      if (reply.type === 'answer') return reply;
      throw new InterviewError('offer_refused', reply.type);
    } catch (error) {
      const lost = error instanceof InterviewError && error.code === 'proxy_unreachable';
      if (!lost || attempt === OFFER_ATTEMPTS || signal.aborted)
        throw late(error, 'answer_timeout');
    }
  }
}

/** Tells the proxy that the media of a call are there. @throws InterviewError begin_timeout, proxy_unreachable */
export async function requestTalk(signaller: Signaller, call_id: CallId): Promise<void> {
  try {
    await signaller.request({ type: 'connected', call_id }, BEGIN_MS);
  } catch (error) {
    throw late(error, 'begin_timeout');
  }
}

/** A deadline by the name of its step; any other error as it is. */
function late(error: unknown, code: InterviewErrorCode): unknown {
  if (!(error instanceof InterviewError) || error.code !== 'proxy_timeout') return error;
  return new InterviewError(code, error.message, { cause: error });
}
