import { InterviewError } from '../errors.ts';
import type { TransportOptions } from '../transport/transport.ts';
import { fail, type SessionContext } from './context.ts';
import { LiveCall, type Line } from './live-call.ts';
import { beginTrouble, endTrouble } from './trouble.ts';

/** Chromium tells of a connection that hangs after about this long, milliseconds (measured with 156). */
const TOLD_AFTER_MS = 5_000;

/**
 * Opens a call and begins the talk. The offer is made while microphone, session and connection to the proxy are still
 * on their way. A call that is lost after it was live is replaced.
 */
export async function openCall(
  context: SessionContext,
  track: TransportOptions['track'],
  line: Promise<Line>,
): Promise<void> {
  const { ports, decoder, logger, log, media, writerId, machine, view } = context;
  const { promise: lost, reject } = Promise.withResolvers<never>();
  // It may be told when nobody waits any more.
  lost.catch(() => undefined);
  const lose = (cause: string): void => {
    if (context.call !== call) return;
    if (machine.is('live', 'paused')) replace(context, cause);
    else reject(new InterviewError('connection_failed', cause));
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
    // What only a live call needs comes along, so that it is there when the network is not.
    Promise.all([
      import('./keep-call.ts'),
      import('./candidate.ts'),
      import('./reconnect.ts'),
    ]).then(
      ([{ keepCall }]) => keepCall(context, call, () => lose('session limit')),
      (error: unknown) => logger.warn('Call not kept.', { error }),
    );
  } catch (error) {
    call.close();
    throw error;
  }
}

/** The media are gone, and the clock must not run: a new call takes their place. */
function replace(context: SessionContext, cause: string): void {
  context.logger.warn('Call lost.', { cause });
  beginTrouble(context, 0);
  context.machine.go('reconnecting');
  const lostAt = context.ports.now();
  import('./reconnect.ts')
    .then(({ reconnect }) => reconnect(context, cause, lostAt))
    .catch((error: unknown) => fail(context, InterviewError.from(error, 'connection_lost')));
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
