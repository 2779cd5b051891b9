import { COMPLETION_DEADLINE_MS } from '@interview/protocol';
import type { EndReason, SessionStatus } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { closeLine, join, redeem } from './join.ts';
import { closeCall, closeStore, type Joined, type SessionContext } from './context.ts';

/** How long the last answer may take to get its text, milliseconds. */
const SETTLE_MS = 8_000;
/** How long rows may take before the server is asked to complete with what it has, milliseconds. */
const DRAIN_MS = 20_000;
const REPLY_MS = 15_000;
/** Between two questions whether all is there, milliseconds. */
const ASK_AGAIN_MS = 1_000;

/**
 * Ends the interview: the microphone at once, then the last answer, the rows, the session, the call. Resolves when
 * the session is completed. A second call gets the same promise.
 *
 * @throws InterviewError delivery_failed when the rows could not be delivered; they stay stored and `end` may be tried again
 */
export function endInterview(
  context: SessionContext,
  reason: EndReason,
  { byServer }: { byServer: boolean },
): Promise<void> {
  context.ending ??= runEnd(context, reason, byServer).finally(() => {
    context.ending = null;
  });
  return context.ending;
}

async function runEnd(
  context: SessionContext,
  reason: EndReason,
  byServer: boolean,
): Promise<void> {
  const { machine, media, view } = context;
  const connecting = machine.is('connecting');
  if (!context.joined || (connecting && !byServer && view.lines.length === 0)) {
    giveUp(context);
    return;
  }
  // What was begun before is completed, over a connection of its own.
  if (connecting) {
    context.abort.abort(byServer ? new InterviewError('session_ended') : undefined);
    context.abort = new AbortController();
  }
  machine.go('ending');
  media.closeMicrophone();
  try {
    const joined = context.joined.end.signal.aborted
      ? await join(context, await redeem(context))
      : context.joined;
    await settleCall(context, joined, byServer);
    const status = await complete(context, joined, reason);
    // Completed with gaps, it still takes what waits here, and for a day yet.
    if (!(await joined.courier.drained(ASK_AGAIN_MS))) throw new InterviewError('delivery_failed');
    await leaveNoTrace(context, joined);
    machine.go('completed');
    context.tell('ended', { reason, status });
  } catch (error) {
    let failure = InterviewError.from(error);
    // Whatever was in the way, the rows are still here.
    if (failure.retryable) {
      failure = new InterviewError('delivery_failed', failure.message, { cause: failure });
    }
    if (machine.can('failed')) machine.go('failed');
    throw (view.error = failure);
  } finally {
    closeCall(context);
    media.release();
  }
}

/** Nothing was begun: whatever is under way gives up and tells so. */
function giveUp(context: SessionContext): void {
  const { machine, media } = context;
  if (!machine.is('preparing', 'ready', 'connecting')) {
    throw new InterviewError('invalid_state', 'Nothing to end.');
  }
  context.abort.abort();
  media.release();
  void closeStore(context);
  context.joined = null;
  if (!machine.is('connecting')) {
    context.abort = new AbortController();
    machine.go('idle');
  }
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
