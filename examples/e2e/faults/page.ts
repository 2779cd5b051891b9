import {
  InterviewSession,
  type InterviewState,
  type TranscriptLine,
  type Turn,
} from '@interview/rtc';

/** What a test sees of an interview in this page. */
export interface FaultPage {
  readonly states: InterviewState[];
  readonly turns: Turn[];
  /** Codes of the errors that were told. */
  readonly errors: string[];
  /** How many events of the provider came so far. */
  events: number;
  readonly session: InterviewSession | null;
  /** Looks, agrees to everything, and starts or goes on. Resolves when the talk is live. */
  enter: (startUrl: string, supabaseKey: string, invitation: string) => Promise<void>;
  lines: () => readonly TranscriptLine[];
}

declare global {
  interface Window {
    faultPage: FaultPage;
  }
}

/* An interview page without anything to see: it does at once what people do with a mouse. */

let session: InterviewSession | null = null;

async function enter(startUrl: string, supabaseKey: string, invitation: string): Promise<void> {
  session = new InterviewSession({ startUrl, supabaseKey, invitation });
  session.on('statechange', ({ state }) => page.states.push(state));
  session.on('turn', ({ turn }) => page.turns.push(turn));
  session.on('error', ({ error }) => page.errors.push(error.code));
  session.on('raw', () => (page.events += 1));
  const { consents } = await session.look();
  await session.start({ consents: consents.map((consent) => ({ ...consent, granted: true })) });
}

const page: FaultPage = {
  states: [],
  turns: [],
  errors: [],
  events: 0,
  get session() {
    return session;
  },
  enter,
  lines: () => session?.lines ?? [],
};
window.faultPage = page;
