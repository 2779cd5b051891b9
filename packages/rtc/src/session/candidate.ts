import type { ServerMessage } from '@interview/protocol';
import { InterviewError } from '../errors.ts';
import type { AskKind, CandidateAction, Feedback } from '../options.ts';
import type { SignallerRequest } from '../signalling/signaller.ts';
import { setPaused, type SessionContext } from './context.ts';
import { requestFor } from './join.ts';

/*
 * What a candidate can do by a button. Loaded as soon as a call is live, and by whoever asks for something before.
 */

const REPLY_MS = 10_000;

/** One of the candidate's buttons. @throws InterviewError unsupported where the interviewer cannot do that */
export async function act(context: SessionContext, kind: CandidateAction): Promise<void> {
  const { call } = context;
  mustBeLive(context);
  if (call?.capabilities?.actions.includes(kind) === true) {
    await request(context, { type: 'action', kind });
  } else if (kind === 'done' && call?.supervised === false) {
    (await import('./alone.ts')).endTurnAlone(context, call);
  } else throw unsupported(`to do «${kind}»`);
}

/** Says something in writing. @throws InterviewError unsupported where the interviewer cannot read */
export async function sendText(context: SessionContext, text: string): Promise<void> {
  const { call } = context;
  mustBeLive(context);
  if (call?.capabilities?.text === false) throw unsupported('to read');
  if (call?.supervised === false) (await import('./alone.ts')).typeAlone(call, text);
  else await request(context, { type: 'text', text });
}

/** Lets the interview wait: the clock stands and nobody is heard. @throws InterviewError unsupported */
export async function pause(context: SessionContext): Promise<void> {
  mustBeLive(context);
  if (context.call?.capabilities?.pause !== true) throw unsupported('to wait');
  await request(context, { type: 'pause' });
  setPaused(context, true);
}

/** Goes on. */
export async function unpause(context: SessionContext): Promise<void> {
  mustBeLive(context);
  await request(context, { type: 'unpause' });
  setPaused(context, false);
}

/** Asks for an adjustment, a person or help: of the proxy while it is reached, else of `interview-start`. */
export async function ask(context: SessionContext, kind: AskKind, note: string): Promise<void> {
  const { joined, backend, abort } = context;
  if (kind === 'help' || joined?.end.signal.aborted === false) {
    await request(context, { type: 'ask', kind, note });
  } else {
    await backend.ask({ ...(await requestFor(context, 'ask')), kind, note }, abort.signal);
  }
}

/**
 * The candidate's own wording of a line, kept beside it. Also for a while after the end.
 *
 * @throws InterviewError unsupported where the line is not the candidate's, or was corrected too often
 */
export async function correct(context: SessionContext, id: string, text: string): Promise<void> {
  // A line that was just said is corrected once it is stored.
  await context.joined?.courier.drained(REPLY_MS);
  try {
    await request(context, { type: 'correct', entry_id: id, text } as SignallerRequest);
  } catch (error) {
    const { cause } = error as { cause?: { code?: unknown } };
    if (!/^(not_found|forbidden|session_limit)$/.test(String(cause?.code))) throw error;
    throw new InterviewError('unsupported', 'That line can not be corrected.', { cause: error });
  }
}

/** What the candidate thinks of us. Also for a while after the end. */
export async function giveFeedback(context: SessionContext, feedback: Feedback): Promise<void> {
  await request(context, { type: 'feedback', ...feedback });
}

async function request(
  { joined }: SessionContext,
  message: SignallerRequest,
): Promise<ServerMessage> {
  if (!joined) throw new InterviewError('invalid_state');
  return joined.end.signal.aborted
    ? joined.signaller.post(message)
    : joined.signaller.request(message, REPLY_MS);
}

function mustBeLive({ machine }: SessionContext): void {
  if (machine.is('live', 'paused')) return;
  throw new InterviewError('invalid_state');
}

function unsupported(what: string): InterviewError {
  return new InterviewError('unsupported', `This interviewer is not able ${what}.`);
}
