import { InterviewSession, type InterviewState } from '@interview/rtc';
import {
  leftovers,
  nextStep,
  watchLeftovers,
  type Leftovers,
  type Step,
} from './watch-leftovers.ts';

/** A page in which many interviews are held one after the other. */
export interface LeakPage {
  /** From the candidate's link to the stored transcript. */
  complete: (talk: TalkSettings) => Promise<Outcome>;
  /** Ends a start that is under way: at once, or when it has come to `step`. */
  giveUp: (talk: TalkSettings, step: Step | 'at once') => Promise<Outcome>;
  /** Takes the session away while the interviewer speaks. */
  destroy: (talk: TalkSettings) => Promise<Outcome>;
  leftovers: () => Leftovers;
  /** Sessions that were made and that the browser still holds in memory. */
  sessionsInMemory: () => number;
}

/** Whom to ask, and for which interview. */
export interface TalkSettings {
  startUrl: string;
  supabaseKey: string;
  invitation: string;
}

/** How a talk went. */
export interface Outcome {
  states: InterviewState[];
  /** Open microphones once `end` or `destroy` was called; a completed talk's are read before `end` resolves. */
  microphones: number;
  /** Code of the error by which the start was given up. */
  code?: string;
}

declare global {
  interface Window {
    leakPage: LeakPage;
  }
}

watchLeftovers();

const made: WeakRef<InterviewSession>[] = [];

/** Everything of a session that a page may use; who uses it must hold on to none of it. */
function makeSession(talk: TalkSettings): { session: InterviewSession; states: InterviewState[] } {
  const session = new InterviewSession(talk);
  made.push(new WeakRef(session));
  const states: InterviewState[] = [];
  session.on('statechange', ({ state }) => states.push(state));
  return { session, states };
}

async function start(session: InterviewSession): Promise<void> {
  const { consents } = await session.look();
  await session.start({ consents: consents.map((consent) => ({ ...consent, granted: true })) });
}

/** Starts, and goes on until the interviewer speaks. */
async function talkTo(session: InterviewSession): Promise<void> {
  const spoken = new Promise<void>((resolve) => {
    session.on('turn', ({ turn }) => turn === 'interviewer' && resolve());
  });
  await session.prepare();
  // The voice that tests speak with would never let the interviewer begin.
  await session.mute();
  await start(session);
  await spoken;
}

window.leakPage = {
  async complete(talk) {
    const { session, states } = makeSession(talk);
    await talkTo(session);
    const ended = session.end();
    const { microphones } = leftovers();
    await ended;
    return { states, microphones };
  },
  async giveUp(talk, step) {
    const { session, states } = makeSession(talk);
    const { consents } = await session.look();
    const reached = step === 'at once' ? null : nextStep(step);
    const started = session
      .start({ consents: consents.map((consent) => ({ ...consent, granted: true })) })
      .then(
        () => 'started',
        (error: unknown) => (error as { code: string }).code,
      );
    await reached;
    await session.end();
    const code = await started;
    return { states, microphones: leftovers().microphones, code };
  },
  async destroy(talk) {
    const { session, states } = makeSession(talk);
    await talkTo(session);
    session.destroy();
    return { states, microphones: leftovers().microphones };
  },
  leftovers,
  sessionsInMemory: () => made.filter((session) => session.deref()).length,
};
