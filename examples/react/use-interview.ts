import {
  InterviewError,
  InterviewSession,
  type InterviewEventName,
  type InterviewSessionOptions,
  type LookReply,
} from '@interview/rtc';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';

/** One thing that a candidate asked for. */
export type Step = (session: InterviewSession) => Promise<unknown>;

/** An interview as components use it. */
export interface Interview {
  /** Null until the component is mounted, and on a server. */
  session: InterviewSession | null;
  /** What the link is about; null until the server told. */
  about: LookReply | null;
  /** What went wrong last; null again as soon as something else is tried. */
  error: InterviewError | null;
  /** Takes a step. It never rejects: what it failed with becomes `error`. */
  attempt: (step: Step) => Promise<void>;
  look: () => Promise<void>;
}

/**
 * One interview for as long as the component is mounted. The session is made in an effect, since a session that was
 * destroyed stays so: React's StrictMode mounts twice, and the second mount gets a session of its own.
 *
 * @param options the same object at each rendering: another object is another interview
 */
export function useInterview(options: InterviewSessionOptions): Interview {
  const current = useRef<InterviewSession | null>(null);
  const [session, setSession] = useState<InterviewSession | null>(null);
  const [about, setAbout] = useState<LookReply | null>(null);
  const [error, setError] = useState<InterviewError | null>(null);

  useEffect(() => {
    const made = new InterviewSession(options);
    made.on('error', (told) => setError(told.error));
    made.on('statechange', ({ state }) => {
      if (state === 'live') setError(null);
    });
    // A microphone that came back by itself is told as a change of devices.
    made.on('devices', () => setError((last) => (isMicrophone(last) ? made.error : last)));
    current.current = made;
    setSession(made);
    return () => {
      current.current = null;
      made.destroy();
    };
  }, [options]);

  const attempt = useCallback(async (step: Step) => {
    const { current: tried } = current;
    if (tried === null) return;
    setError(null);
    try {
      await step(tried);
    } catch (caught) {
      // A session that was let go has nobody to tell.
      if (tried === current.current) setError(InterviewError.from(caught));
    }
  }, []);

  const look = useCallback(() => attempt(async (asked) => setAbout(await asked.look())), [attempt]);
  useEffect(() => {
    if (session !== null) void look();
  }, [session, look]);

  return { session, about, error, attempt, look };
}

function isMicrophone(error: InterviewError | null): boolean {
  return error?.code.startsWith('microphone_') === true;
}

/**
 * What `read` reads of the session, read again at each `event`.
 *
 * @example
 * const turn = useReading(session, 'turn', ({ turn }) => turn);
 */
export function useReading<T>(
  session: InterviewSession,
  event: InterviewEventName,
  read: (session: InterviewSession) => T,
): T {
  const subscribe = useCallback(
    (changed: () => void) => {
      session.on(event, changed);
      return () => session.off(event, changed);
    },
    [session, event],
  );
  return useSyncExternalStore(subscribe, () => read(session));
}
