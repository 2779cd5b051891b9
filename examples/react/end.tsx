import type { InterviewSession } from '@interview/rtc';
import type { ReactNode } from 'react';
import { Step } from './step.tsx';
import { Transcript } from './transcript.tsx';
import { useReading } from './use-interview.ts';

/** The microphone is free already; the last words are on their way. */
export function Saving({ session }: { session: InterviewSession }): ReactNode {
  const { pending, kept } = useReading(session, 'delivery', (read) => read.delivery);
  return (
    <Step title="Saving your answers" lead="Please leave this page open for a moment.">
      <p role="status">{pending > 0 && `${pending} parts still to send`}</p>
      {kept === 'memory' && (
        <p>This browser cannot keep them for later, so this page must stay open.</p>
      )}
    </Step>
  );
}

interface ThanksProps {
  session: InterviewSession;
  /** Null where the server never told it. */
  company: string | null;
}

/** Everything is stored, and can be read once more. */
export function Thanks({ session, company }: ThanksProps): ReactNode {
  const where = company === null ? '' : ` for ${company}`;
  return (
    <Step
      title="Thank you, that is everything"
      lead={`Every word is stored${where}. You can close this page.`}
    >
      <Transcript session={session} />
    </Step>
  );
}
