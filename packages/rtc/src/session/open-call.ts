import type { OfferReason } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import type { SessionContext } from './context.ts';
import { LiveCall, type LiveCallHandlers } from './live-call.ts';

/**
 * Opens a call and begins the talk. The offer is made while the connection to the proxy is still being made.
 *
 * @param onceLost what to do when the call is gone after it was live
 */
export async function openCall(
  context: SessionContext,
  track: MediaStreamTrack | null,
  reason: OfferReason,
  onceLost: (context: SessionContext, cause: string) => Promise<void>,
): Promise<void> {
  const { joined, ports, decoder, logger, log, media } = context;
  if (!joined) throw new InterviewError('invalid_state', 'There is no session to call in.');
  const lost = lostBeforeLive();
  const call = new LiveCall({
    ports,
    signaller: joined.signaller,
    decoder,
    logger,
    openTranscript: (callId, beganAt) => log.openCall(callId, beganAt),
    handlers: handlersOf(context, (cause) => {
      if (context.call !== call) return;
      if (context.machine.is('live', 'paused')) void onceLost(context, cause);
      else lost.tell(cause);
    }),
    signal: context.abort.signal,
  });
  context.call = call;
  media.held = true;
  try {
    await call.connect(track, { writer_id: context.writerId, reason });
    await Promise.race([playback(context), lost.happened]);
    await Promise.race([call.begin(), lost.happened]);
    media.held = false;
  } catch (error) {
    call.close();
    throw error;
  }
}

function handlersOf(context: SessionContext, onLost: (cause: string) => void): LiveCallHandlers {
  const { joined, view, log, media, tell, logger } = context;
  return {
    onRows: (rows) => {
      view.lines = log.lines;
      for (const row of rows) void joined?.outbox.append(row).then(() => joined.courier.wake());
    },
    onTurn: (next) => {
      view.turn = next(view.turn);
    },
    onRaw: (event) => tell('raw', { event }),
    onStream: (stream) => media.play(stream),
    onTrouble: (hanging) => logger.info('The call hangs or came back.', { hanging }),
    onLost,
  };
}

/** Waits until the browser plays: the first question must not be spoken to a page that is silent. */
async function playback(context: SessionContext): Promise<void> {
  if (await context.media.playbackAllowed()) return;
  const resumed = new Promise<void>((resolve) => {
    context.playbackResumed = resolve;
  });
  context.view.error = new InterviewError(
    'playback_blocked',
    'The browser plays sound only after a click.',
  );
  await resumed;
}

function lostBeforeLive(): { happened: Promise<never>; tell: (cause: string) => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  // It may be told when nobody waits any more.
  promise.catch(() => undefined);
  const tell = (cause: string): void =>
    reject(
      new InterviewError('connection_failed', 'The call broke off before it began.', { cause }),
    );
  return { happened: promise, tell };
}
