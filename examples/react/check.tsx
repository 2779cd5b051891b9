import type { InterviewSession } from '@interview/rtc';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Action, Step } from './step.tsx';

/** Above this a voice is heard and not the room. */
const HEARD = 0.1;

interface CheckProps {
  session: InterviewSession;
  /** The interview was begun before. */
  goesOn: boolean;
  onStart: () => Promise<void>;
}

/** The microphone is open: the candidate sees that it hears. */
export function Check({ session, goesOn, onStart }: CheckProps): ReactNode {
  const [heard, setHeard] = useState(false);
  return (
    <Step title="Say a few words" lead="The bar moves while you speak.">
      <Level session={session} onHeard={() => setHeard(true)} />
      <p role="status">
        {heard
          ? 'We hear you. Start whenever you are ready.'
          : 'We have not heard you yet. Try “Hello, can you hear me?”'}
      </p>
      <Action onAct={onStart}>{goesOn ? 'Go on with the interview' : 'Start the interview'}</Action>
    </Step>
  );
}

interface LevelProps {
  session: InterviewSession;
  onHeard: () => void;
}

/** Drawn past React: sixty renderings a second would be no use to anybody. */
function Level({ session, onHeard }: LevelProps): ReactNode {
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = (): void => {
      const { candidate } = session.levels();
      if (meter.current) meter.current.value = candidate;
      if (candidate > HEARD) onHeard();
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [session, onHeard]);
  return <meter ref={meter} min={0} max={1} aria-label="Level of your voice" />;
}
