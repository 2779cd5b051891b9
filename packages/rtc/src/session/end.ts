import type { EndReason } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { closeCall, closeStore, type SessionContext } from './context.ts';

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
    const { completeInterview } = await import('./complete.ts');
    const status = await completeInterview(context, { reason, byServer });
    machine.go('completed');
    context.tell('ended', { reason, status });
  } catch (error) {
    let failure = InterviewError.from(error, 'delivery_failed');
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
