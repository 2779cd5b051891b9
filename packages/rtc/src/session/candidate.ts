import { InterviewError } from '../errors.ts';
import type { CandidateAction } from '../options.ts';
import type { SignallerRequest } from '../signalling/signaller.ts';
import type { SessionContext } from './context.ts';

const REPLY_MS = 10_000;

/** One of the candidate's buttons. @throws InterviewError invalid_state where the interviewer cannot do that */
export async function act(context: SessionContext, kind: CandidateAction): Promise<void> {
  if (context.call?.capabilities?.actions.includes(kind) === false) {
    throw new InterviewError('invalid_state', `This interviewer cannot «${kind}».`);
  }
  await ask(context, { type: 'action', kind });
}

/** Says something in writing. @throws InterviewError invalid_state where the interviewer cannot read */
export async function sendText(context: SessionContext, text: string): Promise<void> {
  if (context.call?.capabilities?.text === false) {
    throw new InterviewError('invalid_state', 'This interviewer takes no written words.');
  }
  await ask(context, { type: 'text', text });
}

async function ask({ machine, joined }: SessionContext, request: SignallerRequest): Promise<void> {
  if (!joined || !machine.is('live', 'paused')) {
    throw new InterviewError('invalid_state', 'The interview is not live.');
  }
  await joined.signaller.request(request, REPLY_MS);
}
