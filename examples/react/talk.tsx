import type { InterviewSession, Turn } from '@interview/rtc';
import type { ReactNode } from 'react';
import { Controls } from './controls.tsx';
import { wordsFor } from './remedies.ts';
import { Action, Step } from './step.tsx';
import { Transcript } from './transcript.tsx';
import { TypedAnswer } from './typed-answer.tsx';
import { useReading, type Interview } from './use-interview.ts';

const turns: Record<Turn, string> = {
  listening: 'Your turn: take your time.',
  candidate: 'We are listening.',
  thinking: 'One moment …',
  interviewer: 'The interviewer is speaking.',
};

const waiting = 'The interview is waiting for you. The clock has stopped.';
const silent = 'Your microphone is off.';

interface TalkProps {
  interview: Interview;
  session: InterviewSession;
  mode: 'voice' | 'text';
}

/** The talk, also while its connection is away: what was typed must not be lost with it. */
export function Talk({ interview, session, mode }: TalkProps): ReactNode {
  const state = useReading(session, 'statechange', (read) => read.state);
  const away = state === 'reconnecting';
  const title = interview.about?.interview.title ?? 'Your interview';
  return (
    <Step title={away ? 'Your connection dropped' : title}>
      {away ? (
        <Away interview={interview} session={session} />
      ) : (
        <Stage session={session} paused={state === 'paused'} />
      )}
      <p role="alert">{interview.error && wordsFor(interview.error).text}</p>
      {!away && <Controls interview={interview} session={session} mode={mode} />}
      <Transcript session={session} />
      <TypedAnswer attempt={interview.attempt} open={mode === 'text'} />
    </Step>
  );
}

/** Whose turn it is, what was asked and what time is left. */
function Stage({ session, paused }: { session: InterviewSession; paused: boolean }): ReactNode {
  const turn = useReading(session, 'turn', (read) => read.turn);
  const progress = useReading(session, 'progress', (read) => read.progress);
  const muted = useReading(session, 'muted', (read) => read.muted);
  const time = useReading(session, 'time', (read) => read.time);
  const facts = [
    progress !== null && progress.question > 0 && `Question ${progress.question} of ${progress.of}`,
    time !== null && timeLeft(time.remainingS),
  ].filter(Boolean);
  return (
    <>
      <p className="muted">{facts.join(' · ')}</p>
      <p className="question">{progress?.text}</p>
      <p className="turn" role="status">
        {paused ? waiting : muted ? silent : turns[turn]}
      </p>
    </>
  );
}

function timeLeft(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes > 1 ? `about ${minutes} minutes left` : 'about a minute left';
}

/** The connection is away and comes back by itself; nobody has to wait for the next attempt. */
function Away({ interview, session }: Omit<TalkProps, 'mode'>): ReactNode {
  return (
    <>
      <p className="lead">
        The interview is waiting for you and the clock has stopped. Everything you said is kept.
      </p>
      <div className="row">
        <Action onAct={() => session.retryNow()}>Try now</Action>
        <Action look="quiet" onAct={() => interview.attempt((it) => it.end())}>
          End instead
        </Action>
      </div>
    </>
  );
}
