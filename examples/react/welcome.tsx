import type { ConsentGiven, ConsentRequest, LookReply } from '@interview/rtc';
import type { ReactNode, SubmitEvent } from 'react';
import { Step } from './step.tsx';

interface WelcomeProps {
  about: LookReply;
  /** What was agreed to before an interruption stands and is not asked again. */
  agreed: boolean;
  /** The browser shows its own question about the microphone. */
  asking: boolean;
  onAgreed: (consents: ConsentGiven[], mode: 'voice' | 'text') => Promise<void>;
}

/** What the link is about, and what has to be agreed to. Nothing is ticked by anybody but the candidate. */
export function Welcome({ about, agreed, asking, onAgreed }: WelcomeProps): ReactNode {
  const consents = agreed ? [] : about.consents;
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget, event.nativeEvent.submitter);
    const answers = consents.map(({ purpose, version, text }) => {
      return { purpose, version, text, granted: data.has(purpose) };
    });
    void onAgreed(answers, data.get('mode') === 'text' ? 'text' : 'voice');
  };
  return (
    <Step title={about.resumable ? 'Welcome back' : about.interview.title} lead={leadOf(about)}>
      <form onSubmit={submit}>
        {consents.length > 0 && (
          <fieldset>
            <legend>Before we begin</legend>
            {consents.map((consent) => (
              <Consent key={consent.purpose} consent={consent} />
            ))}
          </fieldset>
        )}
        <div className="row">
          <button type="submit" name="mode" value="voice" aria-disabled={asking}>
            Check my microphone
          </button>
          {about.modes.includes('text') && (
            <button type="submit" name="mode" value="text" className="quiet">
              I would rather type
            </button>
          )}
        </div>
        <p className="muted" role="status">
          {asking && 'Your browser is asking whether this page may hear you. Choose “Allow”.'}
        </p>
      </form>
    </Step>
  );
}

function leadOf({ tenant, interview, resumable }: LookReply): string {
  if (resumable) {
    return 'Everything you said is kept. The interview goes on where you left it, with the same question.';
  }
  const minutes = Math.round(interview.duration_s / 60);
  return `${tenant.name} invites you to talk with an AI interviewer: ${interview.questions_total} questions, about ${minutes} minutes. Pauses are fine.`;
}

function Consent({ consent }: { consent: ConsentRequest }): ReactNode {
  const { purpose, text, url, required } = consent;
  return (
    <div className="consent">
      <label>
        <input type="checkbox" name={purpose} required={required} />
        <span>
          {text} {!required && <em>Your choice.</em>}
        </span>
      </label>
      {url !== undefined && (
        <a href={url} target="_blank" rel="noreferrer">
          Read the full text
        </a>
      )}
    </div>
  );
}
