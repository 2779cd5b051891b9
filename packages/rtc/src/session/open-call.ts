import { InterviewError } from '../errors.ts';
import type { TransportOptions } from '../transport/transport.ts';
import { fail, type SessionContext } from './context.ts';
import { LiveCall, type Line } from './live-call.ts';
import { beginTrouble, endTrouble } from './trouble.ts';

/** Chromium tells of a connection that hangs after about this long, milliseconds (measured with 156). */
const TOLD_AFTER_MS = 5_000;

/** Makes a new call; `lostAt` on the wall clock, milliseconds. */
export type ReplaceCall = (context: SessionContext, cause: string, lostAt: number) => Promise<void>;

/**
 * Opens a call and begins the talk. The offer is made while microphone, session and connection to the proxy are still
 * on their way.
 *
 * @param replace makes another call when this one is lost after it was live
 */
export async function openCall(
  context: SessionContext,
  track: TransportOptions['track'],
  line: Promise<Line>,
  replace: ReplaceCall,
): Promise<void> {
  const { ports, decoder, logger, log, media, writerId, machine, view } = context;
  const { promise: lost, reject } = Promise.withResolvers<never>();
  // It may be told when nobody waits any more.
  lost.catch(() => undefined);
  const lose = (cause: string): void => {
    if (context.call !== call) return;
    if (machine.is('live', 'paused')) {
      logger.warn('Call lost.', { cause });
      beginTrouble(context, 0);
      machine.go('reconnecting');
      replace(context, cause, ports.now()).catch((error: unknown) =>
        fail(context, InterviewError.from(error, 'connection_lost')),
      );
    } else reject(new InterviewError('connection_failed', cause));
  };
  const call: LiveCall = new LiveCall({
    ports,
    line,
    writerId,
    decoder,
    logger,
    openTranscript: (callId, beganAt) => log.openCall(callId, beganAt),
    signal: context.abort.signal,
    handlers: {
      onRows: (rows) => {
        view.linesChanged();
        const { joined } = context;
        for (const row of rows) void joined?.outbox.append(row).then(() => joined.courier.wake());
      },
      onTurn: (turn) => {
        view.turn = turn;
      },
      onRaw: (event) => context.tell('raw', { event }),
      onStream: (stream) => {
        if (context.input.mode !== 'text') media.play(stream);
      },
      onTrouble: (hanging) => {
        if (hanging) beginTrouble(context, TOLD_AFTER_MS);
        else endTrouble(context);
      },
      onLost: lose,
    },
  });
  context.call = call;
  media.held = true;
  try {
    await Promise.race([begin(context, call, track), lost]);
    context.trouble = null;
    media.held = false;
    if (!call.supervised) (await import('./alone.ts')).beginAlone(context, call);
    // The buttons' part comes along, so that it is there when one is pressed.
    Promise.all([import('./keep-call.ts'), import('./candidate.ts')]).then(
      ([{ keepCall }]) => keepCall(context, call, () => lose('session limit')),
      (error: unknown) => logger.warn('Call not kept.', { error }),
    );
  } catch (error) {
    call.close();
    throw error;
  }
}

/** From the offer to the moment at which the interviewer may speak. */
async function begin(
  context: SessionContext,
  call: LiveCall,
  track: TransportOptions['track'],
): Promise<void> {
  await call.connect(track);
  // The candidate may have chosen another microphone, or let it go, meanwhile.
  if ((await track) !== context.media.track) await call.replaceTrack(context.media.track);
  await playback(context, call);
  await call.begin();
}

/** Waits until the browser plays: the first question must not be spoken to a page that is silent. */
async function playback(context: SessionContext, { signal }: LiveCall): Promise<void> {
  if (context.input.mode === 'text' || (await context.media.playbackAllowed())) return;
  const resumed = new Promise<void>((resolve) => {
    context.playbackResumed = resolve;
    signal.addEventListener('abort', () => resolve());
  });
  context.view.error = new InterviewError('playback_blocked');
  await resumed;
}
