import { COMPLETION_DEADLINE_MS } from '@interview/protocol';
import type { EndReason, SessionStatus } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { closeStore, type Joined, type SessionContext } from './context.ts';
import { closeLine, join, redeem } from './join.ts';

/*
 * What follows once the microphone is closed. Loaded as soon as a call is live, so that it is there when the network is
 * not, and by whoever ends an interview without one.
 */

/** How long the last answer may take to get its text, milliseconds. */
const SETTLE_MS = 8_000;
/** How long rows may take before the server is asked to complete with what it has, milliseconds. */
const DRAIN_MS = 20_000;
const REPLY_MS = 15_000;
/** Between two questions whether all is there, milliseconds. */
const ASK_AGAIN_MS = 1_000;

/**
 * The last answer, the rows, the session. Resolves with its status when the server has everything.
 *
 * @throws InterviewError delivery_failed, and what a new connection fails with
 */
export async function completeInterview(
  context: SessionContext,
  { reason, byServer }: { reason: EndReason; byServer: boolean },
): Promise<SessionStatus> {
  const joined =
    context.joined && !context.joined.end.signal.aborted
      ? context.joined
      : await join(context, await redeem(context));
  await settleCall(context, joined, byServer);
  const status = await complete(context, joined, reason);
  // Completed with gaps, it still takes what waits here, and for a day yet.
  if (!(await joined.courier.drained(ASK_AGAIN_MS))) throw new InterviewError('delivery_failed');
  await leaveNoTrace(context, joined);
  return status;
}

/** Lets the last answer get its text, and closes the rest with what it has. */
async function settleCall(
  { call, logger, media, decoder }: SessionContext,
  { outbox, signaller }: Joined,
  byServer: boolean,
): Promise<void> {
  if (!call) return;
  if (!byServer) {
    media.stopPlayback();
    if (call.capabilities?.actions.includes('end')) {
      await signaller.request({ type: 'action', kind: 'end' }, REPLY_MS).catch((error: unknown) => {
        logger.warn('End not heard.', { error });
        call.send(decoder.commitSpeech);
      });
    } else call.send(decoder.commitSpeech);
  }
  await call.settled(SETTLE_MS);
  call.close();
  await outbox.settled();
}

/** Asks until the server holds everything. It gives up waiting by itself, and then records what is missing. */
async function complete(
  { ports, logger }: SessionContext,
  { outbox, courier, signaller, end }: Joined,
  reason: EndReason,
): Promise<SessionStatus> {
  const until = ports.now() + DRAIN_MS + COMPLETION_DEADLINE_MS;
  let cause: unknown;
  for (let wait = DRAIN_MS; ports.now() < until; wait = ASK_AGAIN_MS) {
    try {
      await signaller.whenReady(DRAIN_MS);
      await courier.drained(wait);
      const { marks: writers, lost } = outbox;
      const request = { type: 'complete' as const, reason, writers, lost };
      const reply = await signaller.request(request, REPLY_MS);
      if (reply.type === 'completed') return reply.status;
      logger.warn('Rows missing.', { reply });
      if (reply.type === 'incomplete') outbox.missing(reply.missing);
    } catch (error) {
      const final = error instanceof InterviewError && !error.retryable;
      // There will be no other connection.
      if (final || end.signal.aborted) throw error;
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  throw new InterviewError('delivery_failed', undefined, {
    cause,
  });
}

/** A completed interview leaves nothing in the browser. Where that fails, it was told and logged there. */
async function leaveNoTrace(context: SessionContext, joined: Joined): Promise<void> {
  const { options, identity } = context;
  closeLine(joined);
  await joined.outbox.clear();
  await closeStore(context);
  if (options.invitation !== undefined) await identity.forget(options.invitation);
}
