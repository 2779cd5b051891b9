import { InterviewError, type InterviewSession } from '@interview/rtc';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Action } from './step.tsx';
import { useReading, type Interview, type Step } from './use-interview.ts';

interface ControlsProps {
  interview: Interview;
  session: InterviewSession;
  mode: 'voice' | 'text';
}

/** What a candidate can do during the talk. */
export function Controls({ interview, session, mode }: ControlsProps): ReactNode {
  const state = useReading(session, 'statechange', (read) => read.state);
  const muted = useReading(session, 'muted', (read) => read.muted);
  const [ending, setEnding] = useState(false);
  const [mayPause, setMayPause] = useState(true);
  const does = (step: Step) => () => interview.attempt(step);
  const pause = does(async (it) => {
    try {
      await it.pause();
    } catch (error) {
      // Whether an interviewer can wait is told only by asking it to.
      if (error instanceof InterviewError && error.code === 'unsupported') setMayPause(false);
      throw error;
    }
  });
  if (ending) {
    return <EndAsked onEnd={does((it) => it.end())} onKeep={() => setEnding(false)} />;
  }
  return (
    <div className="row controls">
      {state === 'paused' ? (
        <Action onAct={does((it) => it.unpause())}>Go on</Action>
      ) : (
        <>
          {mode === 'voice' && <Action onAct={does((it) => it.act('done'))}>I’m done</Action>}
          <Action look="quiet" onAct={does((it) => it.act('repeat'))}>
            Repeat
          </Action>
          <Action look="quiet" onAct={does((it) => it.act('skip'))}>
            Skip
          </Action>
          {mode === 'voice' && (
            <Action
              look="quiet"
              pressed={muted}
              onAct={does((it) => (muted ? it.unmute() : it.mute()))}
            >
              Mute
            </Action>
          )}
          {mayPause && (
            <Action look="quiet" onAct={pause}>
              Pause
            </Action>
          )}
        </>
      )}
      <Action look="danger" onAct={() => setEnding(true)}>
        End
      </Action>
    </div>
  );
}

interface EndAskedProps {
  onEnd: () => Promise<void>;
  onKeep: () => void;
}

/** Ending is confirmed in place; Escape takes it back. */
function EndAsked({ onEnd, onKeep }: EndAskedProps): ReactNode {
  const question = useRef<HTMLParagraphElement>(null);
  useEffect(() => question.current?.focus(), []);
  return (
    <div className="ask" onKeyDown={(event) => event.key === 'Escape' && onKeep()}>
      <p ref={question} tabIndex={-1}>
        End the interview now? Your answers so far are kept.
      </p>
      <div className="row">
        <Action look="quiet" onAct={onKeep}>
          Keep going
        </Action>
        <Action look="danger" onAct={onEnd}>
          End the interview
        </Action>
      </div>
    </div>
  );
}
