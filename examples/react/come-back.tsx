import { InterviewSession, type ResumableInterview } from '@interview/rtc';
import { useEffect, useState, type ReactNode } from 'react';
import { takeInvitation } from './invitation.ts';
import { Action, Step } from './step.tsx';

interface ComeBackProps {
  onChosen: (invitation: string) => void;
}

/** The page without an invitation: offers what was begun in this browser and is not finished. */
export function ComeBack({ onChosen }: ComeBackProps): ReactNode {
  const [unfinished, setUnfinished] = useState<ResumableInterview[] | null>(null);
  useEffect(() => {
    let gone = false;
    void InterviewSession.resumable().then((found) => {
      if (!gone) setUnfinished(found);
    });
    return () => {
      gone = true;
    };
  }, []);

  // A link that is pasted into this very page changes nothing but the fragment.
  useEffect(() => {
    const follow = (): void => {
      const invitation = takeInvitation();
      if (invitation !== null) onChosen(invitation);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [onChosen]);

  if (unfinished === null) return null;
  const [latest, ...others] = unfinished;
  if (!latest) {
    return (
      <Step
        title="Please open your invitation link"
        lead="This page shows your interview when you come here from the link in your invitation."
      />
    );
  }
  const forget = async (): Promise<void> => {
    await latest.forget();
    setUnfinished(others);
  };
  return (
    <Step title="Welcome back" lead="An interview was begun in this browser. It is still open.">
      <div className="row">
        <Action onAct={() => onChosen(latest.invitation)}>Go on with {latest.title}</Action>
        <Action look="quiet" onAct={forget}>
          Not me
        </Action>
      </div>
    </Step>
  );
}
