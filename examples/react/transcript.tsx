import type { InterviewSession, TranscriptLine } from '@interview/rtc';
import { useEffect, useRef, type ReactNode } from 'react';
import { useReading } from './use-interview.ts';

/** So close to its end the log follows what is added, pixels. */
const NEAR = 48;

const notes: Partial<Record<TranscriptLine['status'], string>> = {
  interrupted: 'You came in here; that is fine.',
  failed: 'We could not write this down. You can say it again.',
  inaudible: 'No clear words here. You can say it again.',
};

/** Everything that was said, as a document. */
export function Transcript({ session }: { session: InterviewSession }): ReactNode {
  const lines = useReading(session, 'transcript', (read) => read.lines);
  const pending = useReading(session, 'delivery', (read) => read.delivery.pending);
  const log = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    if (log.current && follows.current) log.current.scrollTop = log.current.scrollHeight;
  }, [lines]);
  const remember = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): void => {
    follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
  };
  return (
    <div className="transcript">
      <div className="row">
        <h2>Transcript</h2>
        <p className="muted">{pending === 0 ? 'All answers saved' : 'Saving …'}</p>
      </div>
      <div
        ref={log}
        role="log"
        aria-label="Transcript"
        tabIndex={0}
        onScroll={(event) => remember(event.currentTarget)}
      >
        {lines.length === 0 && <p className="muted">What is said appears here.</p>}
        <ol>
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ol>
      </div>
    </div>
  );
}

/** Busy while it grows, so that it is read out once and whole. */
function Line({ line: { role, status, text } }: { line: TranscriptLine }): ReactNode {
  return (
    <li className={`${role} ${status}`} aria-busy={status === 'partial'}>
      <b>{role === 'candidate' ? 'You' : 'Interviewer'}</b>
      <p>{text}</p>
      {notes[status] !== undefined && <small>{notes[status]}</small>}
    </li>
  );
}
