import { InterviewError } from '../errors.ts';
import type { StartInput, StepRequest } from '../options.ts';
import { fail, type SessionContext } from './context.ts';
import { endInterview } from './end.ts';
import { join, redeem, startRequest } from './join.ts';
import type { Line } from './live-call.ts';
import { openCall, type ReplaceCall } from './open-call.ts';
import { offerReason } from './resume.ts';

/** Asks for the microphone. From `idle`, `ready` or `failed`. @throws InterviewError microphone_…, insecure_context */
export async function prepareInterview(context: SessionContext): Promise<void> {
  const { machine, media, view, abort } = context;
  machine.go('preparing');
  media.unlock();
  try {
    await media.openMicrophone({ signal: abort.signal });
    machine.go('ready');
    view.error = null;
  } catch (error) {
    if (machine.is('preparing')) machine.go('idle');
    throw (view.error = InterviewError.from(error, 'microphone_failed'));
  }
}

/**
 * From the candidate's consent to the first word. Microphone, session and offer are on their way at the same time: what
 * a person waits for is the slowest of them. Resolves when the interview is live, or completed where the server ends it
 * meanwhile. May be called again after a failure; nothing is begun twice.
 */
export async function startInterview(context: SessionContext, input: StartInput): Promise<void> {
  const { machine, media, view } = context;
  if (context.destroyed) throw new InterviewError('aborted');
  machine.go('connecting');
  context.abort.abort();
  const abort = (context.abort = new AbortController());
  const attempt = new AbortController();
  const signal = AbortSignal.any([abort.signal, attempt.signal]);
  context.input = input;
  view.error = null;
  const request = startRequest(context);
  media.unlock();
  const silent = input.mode === 'text' || media.absence === 'released';
  const track = silent ? null : (media.track ?? voice(context, signal));
  const line = enter(context, request, signal);
  // Whoever does not wait for them yet, or any more, does not care how they fail.
  for (const one of [line, Promise.resolve(track)]) one.catch(() => undefined);
  try {
    // A connection takes the browser long to make: the request goes out before.
    await request;
    await openCall(context, track, line, replace);
    abort.signal.throwIfAborted();
    machine.go('live');
    // What replaces a lost call, and what completes, comes along: it must be there when the network is not.
    Promise.all([import('./reconnect.ts'), import('./complete.ts')]).catch(() => undefined);
  } catch (error) {
    attempt.abort();
    if (!isOver(context, abort)) throw failed(context, abort, error);
    if (!machine.is('completed')) {
      await endInterview(context, 'candidate_ended', { byServer: true });
    }
  }
}

/** The server ends the interview, or began to before this page came: then it is completed, and nothing has failed. */
function isOver({ joined }: SessionContext, { signal }: AbortController): boolean {
  return signal.aborted
    ? InterviewError.from(signal.reason).code === 'session_ended'
    : joined?.reply.session.status === 'ending';
}

const replace: ReplaceCall = async (...lost) => (await import('./reconnect.ts')).reconnect(...lost);

/** The microphone; null where the server says meanwhile that the interview is held in writing. */
function voice(context: SessionContext, signal: AbortSignal): Promise<MediaStreamTrack | null> {
  return context.media.openMicrophone({ signal }).catch((error: unknown) => {
    if (context.input.mode === 'text') return null;
    throw error;
  });
}

/** Begins or resumes the session on the server, and begins to connect to the proxy. */
async function enter(
  context: SessionContext,
  request: Promise<StepRequest>,
  signal: AbortSignal,
): Promise<Line> {
  const { log, view, ports } = context;
  context.store ??= ports.openStore();
  const reply = await redeem(context, request);
  signal.throwIfAborted();
  if (reply.session.mode === 'text') {
    context.input = { ...context.input, mode: 'text' };
    context.media.closeMicrophone();
  }
  log.restore(reply.transcript);
  if (reply.transcript.length > 0) view.linesChanged();
  const { signaller } = await join(context, reply);
  if (reply.session.status === 'ending') {
    throw new InterviewError('session_ended');
  }
  return { signaller, reason: offerReason(reply) };
}

/** Leaves the session as a failed start leaves it, and says what to throw. */
function failed(context: SessionContext, abort: AbortController, error: unknown): InterviewError {
  const { machine, view } = context;
  const own = abort.signal.aborted
    ? new InterviewError('aborted', undefined, { cause: error })
    : InterviewError.from(error);
  // A refusal by the proxy ends the attempt as well: then the refusal is the cause, not the attempt's end.
  const failure = machine.is('failed') ? (view.error ?? own) : own;
  if (context.abort === abort && !machine.is('failed', 'completed', 'ending')) {
    fail(context, failure);
  }
  // What was given up may be tried again; else the connection goes on delivering until then.
  if (abort.signal.aborted && context.abort === abort && !context.destroyed) {
    context.abort = new AbortController();
  }
  return failure;
}
