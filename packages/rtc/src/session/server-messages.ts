import type { EndReason, ServerMessage } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import { fail, setPaused, type SessionContext } from './context.ts';
import { endInterview } from './end.ts';
import { closeLine } from './join.ts';

/** How long rows may still be delivered after another page took over, milliseconds. */
const LAST_DELIVERY_MS = 10_000;

/** Obeys what the proxy sends without being asked; what it does not know needs nothing. */
export function handleServerMessage(context: SessionContext, message: ServerMessage): void {
  const { view } = context;
  if (message.type === 'progress') {
    const { type, ...progress } = message;
    view.progress = progress;
  } else if (message.type === 'time') takeTime(context, message.remaining_s, message.paused);
  else if (message.type === 'end') obeyEnd(context, message.reason);
}

function obeyEnd(context: SessionContext, reason: EndReason | 'taken_over'): void {
  if (reason === 'taken_over') {
    takenOver(context);
    return;
  }
  // The call was hung up since nobody was there; whoever comes back goes on.
  if (reason === 'absent') {
    fail(context, new InterviewError('connection_lost'));
    return;
  }
  endInterview(context, reason, { byServer: true }).catch((error: unknown) =>
    context.logger.error('Not ended.', { error }),
  );
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
  fail(context, new InterviewError('taken_over'));
  void joined?.courier.drained(LAST_DELIVERY_MS).then(() => closeLine(joined));
}
