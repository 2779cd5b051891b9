import { InterviewError } from '../errors.ts';
import type { StartInput } from '../options.ts';
import { fail, type SessionContext } from './context.ts';
import { endInterview } from './end.ts';
import { join, redeem } from './join.ts';
import { openCall } from './open-call.ts';
import { reconnect } from './reconnect.ts';
import { offerReason } from './resume.ts';

/** Asks for the microphone. From `idle`, `ready` or `failed`. @throws InterviewError microphone_…, insecure_context */
export async function prepareInterview({ machine, media, view }: SessionContext): Promise<void> {
  machine.go('preparing');
  try {
    await media.openMicrophone();
    machine.go('ready');
    view.error = null;
  } catch (error) {
    machine.go('idle');
    throw (view.error = InterviewError.from(error, 'microphone_failed'));
  }
}

/**
 * From the candidate's consent to the first word: microphone, session, connection to the proxy, call. Resolves when
 * the interview is live. May be called again after a failure; nothing is begun twice.
 */
export async function startInterview(context: SessionContext, input: StartInput): Promise<void> {
  const { machine, media, view, log } = context;
  machine.go('connecting');
  context.abort.abort();
  const abort = (context.abort = new AbortController());
  context.input = input;
  view.error = null;
  try {
    const track = input.mode === 'text' ? null : (media.track ?? (await media.openMicrophone()));
    const reply = await redeem(context);
    log.restore(reply.transcript);
    if (reply.transcript.length > 0) view.lines = log.lines;
    await join(context, reply);
    if (reply.session.status === 'ending') {
      await endInterview(context, 'candidate_ended', { byServer: true });
      return;
    }
    await openCall(context, track, offerReason(reply), reconnect);
    abort.signal.throwIfAborted();
    machine.go('live');
  } catch (error) {
    const own = abort.signal.aborted
      ? new InterviewError('aborted', 'The start was given up.', { cause: error })
      : InterviewError.from(error);
    // A refusal by the proxy ends the attempt as well: then the refusal is the cause, not the attempt's end.
    const failure = machine.is('failed') ? (context.view.error ?? own) : own;
    if (context.abort === abort && !machine.is('failed', 'completed', 'ending')) {
      fail(context, failure);
    }
    throw failure;
  }
}
