import type { ConsentGiven, InterviewSession, InterviewSessionOptions } from '@interview/rtc';
import { useState, type ReactNode } from 'react';
import { Check } from './check.tsx';
import { Saving, Thanks } from './end.tsx';
import { Action, Step } from './step.tsx';
import { Talk } from './talk.tsx';
import { Trouble } from './trouble.tsx';
import { useInterview, useReading, type Interview } from './use-interview.ts';
import { Welcome } from './welcome.tsx';

/** One interview from the link to the thank-you. */
export function Room({ options }: { options: InterviewSessionOptions }): ReactNode {
  const interview = useInterview(options);
  const { session } = interview;
  if (session === null) return null;
  return <Steps interview={interview} session={session} />;
}

interface StepsProps {
  interview: Interview;
  session: InterviewSession;
}

/** The step that the session has reached. */
function Steps({ interview, session }: StepsProps): ReactNode {
  const { about, error, attempt } = interview;
  const state = useReading(session, 'statechange', (read) => read.state);
  const [consents, setConsents] = useState<ConsentGiven[]>([]);
  const [mode, setMode] = useState<'voice' | 'text'>('voice');

  const start = (): Promise<void> => attempt((it) => it.start({ consents, mode }));
  const agree = async (given: ConsentGiven[], by: typeof mode): Promise<void> => {
    setConsents(given);
    setMode(by);
    await attempt((it) =>
      by === 'voice' ? it.prepare() : it.start({ consents: given, mode: by }),
    );
  };

  switch (state) {
    case 'connecting':
      return (
        <Step title="Connecting you" lead="This takes a few seconds. The interviewer speaks first.">
          {error?.code === 'playback_blocked' && (
            <Action onAct={() => attempt((it) => it.resumePlayback())}>Turn on the sound</Action>
          )}
        </Step>
      );
    case 'live':
    case 'paused':
    case 'reconnecting':
      return <Talk interview={interview} session={session} mode={mode} />;
    case 'ending':
      return <Saving session={session} />;
    case 'completed':
      return <Thanks session={session} company={about?.tenant.name ?? null} />;
  }
  if (error !== null) {
    return <Trouble error={error} interview={interview} session={session} onStart={start} />;
  }
  if (about === null) return <Step title="Opening your invitation" />;
  if (state === 'ready') {
    return <Check session={session} goesOn={about.resumable} onStart={start} />;
  }
  return (
    <Welcome
      about={about}
      agreed={about.resumable && state !== 'failed'}
      asking={state === 'preparing'}
      onAgreed={agree}
    />
  );
}
