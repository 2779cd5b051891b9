import {
  InterviewError,
  InterviewSession,
  type DeliveryStatus,
  type InterviewEventName,
  type InterviewSessionOptions,
  type InterviewState,
  type LookReply,
  type Progress,
  type TimeLeft,
  type TranscriptLine,
  type Turn,
} from '@interview/rtc';
import {
  inject,
  onScopeDispose,
  provide,
  shallowRef,
  type InjectionKey,
  type ShallowRef,
} from 'vue';

/** One thing that a candidate asked for. */
export type Step = (session: InterviewSession) => Promise<unknown>;

type Reading<T> = Readonly<ShallowRef<T>>;

/** An interview as components use it. */
export interface Interview {
  session: InterviewSession;
  state: Reading<InterviewState>;
  turn: Reading<Turn>;
  lines: Reading<readonly TranscriptLine[]>;
  muted: Reading<boolean>;
  progress: Reading<Progress | null>;
  time: Reading<TimeLeft | null>;
  delivery: Reading<DeliveryStatus>;
  /** What the link is about; null until the server told. */
  about: Reading<LookReply | null>;
  /** What went wrong last; null again as soon as something else is tried. */
  error: Reading<InterviewError | null>;
  /** Takes a step. It never rejects: what it failed with becomes `error`. */
  attempt: (step: Step) => Promise<void>;
  look: () => Promise<void>;
}

/**
 * One interview for as long as the component, or the effect scope, lives. Everything is a shallow reference: Vue's deep
 * proxies can't reach the private fields of a session, and the session replaces what it changes anyway.
 */
export function useInterview(options: InterviewSessionOptions): Interview {
  const session = new InterviewSession(options);
  const about = shallowRef<LookReply | null>(null);
  const error = shallowRef<InterviewError | null>(null);

  const read = <T>(event: InterviewEventName, value: () => T): Reading<T> => {
    const reading = shallowRef(value());
    session.on(event, () => {
      reading.value = value();
    });
    return reading;
  };
  const attempt = async (step: Step): Promise<void> => {
    error.value = null;
    try {
      await step(session);
    } catch (caught) {
      error.value = InterviewError.from(caught);
    }
  };

  session.on('error', (told) => {
    error.value = told.error;
  });
  session.on('statechange', ({ state }) => {
    if (state === 'live') error.value = null;
  });
  // A microphone that came back by itself is told as a change of devices.
  session.on('devices', () => {
    if (error.value?.code.startsWith('microphone_') === true) error.value = session.error;
  });
  onScopeDispose(() => session.destroy());

  return {
    session,
    state: read('statechange', () => session.state),
    turn: read('turn', () => session.turn),
    lines: read('transcript', () => session.lines),
    muted: read('muted', () => session.muted),
    progress: read('progress', () => session.progress),
    time: read('time', () => session.time),
    delivery: read('delivery', () => session.delivery),
    about,
    error,
    attempt,
    look: () =>
      attempt(async () => {
        about.value = await session.look();
      }),
  };
}

const key: InjectionKey<Interview> = Symbol('interview');

/** Hands the interview to the components below. */
export function provideInterview(interview: Interview): void {
  provide(key, interview);
}

/** The interview of the room that this component is in. */
export function injectInterview(): Interview {
  const interview = inject(key);
  if (interview === undefined) throw new Error('This component belongs into a room.');
  return interview;
}
