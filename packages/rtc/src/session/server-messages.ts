import type { ServerMessage } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { errorOf } from '../signalling/server-error.ts';
import { setPaused } from './candidate.ts';
import { fail, type SessionContext } from './context.ts';
import { endInterview } from './end.ts';

/** How long rows may still be delivered after another page took over, milliseconds. */
const LAST_DELIVERY_MS = 10_000;

/** Obeys what the proxy sends without being asked. */
export function handleServerMessage(context: SessionContext, message: ServerMessage): void {
  const { view, logger } = context;
  switch (message.type) {
    case 'progress': {
      const { question, of, text, phase } = message;
      view.progress = { question, of, text, phase };
      return;
    }
    case 'time': {
      takeTime(context, message.remaining_s, message.paused);
      return;
    }
    case 'end':
      if (message.reason === 'taken_over') {
        takenOver(context);
        return;
      }
      void endInterview(context, message.reason, { byServer: true }).catch((error: unknown) =>
        logger.error('The end was not complete.', { error }),
      );
      return;
    case 'error':
      // What passes is mended by the next attempt; the candidate need not know.
      if (message.retryable) logger.warn('The proxy has a problem.', { code: message.code });
      else view.error = errorOf(message);
      return;
    default:
      logger.debug('The proxy said something that needs nothing.', { type: message.type });
  }
}

/** The proxy will not have this page any more. */
export function handleRefused(context: SessionContext, error: InterviewError): void {
  if (context.machine.is('live', 'paused', 'connecting', 'reconnecting')) {
    fail(context, error);
  } else context.view.error = error;
}

function takeTime(context: SessionContext, remainingS: number, paused: boolean): void {
  const { view, joined, log, ports } = context;
  view.time = { remainingS, paused };
  const planned = joined?.reply.session.interview.duration_s ?? 0;
  log.began(ports.now() - (planned - remainingS) * 1000);
  // While the media are away the clock stands as well; that is no pause that anybody asked for.
  if (!context.trouble) setPaused(context, paused);
}

/** Another page of the same candidate has the interview now. */
function takenOver(context: SessionContext): void {
  const { joined } = context;
  fail(context, new InterviewError('taken_over', 'The interview goes on in another page.'));
  void joined?.courier.drained(LAST_DELIVERY_MS).then(() => {
    joined.end.abort();
    joined.courier.stop();
    joined.signaller.close();
  });
}
