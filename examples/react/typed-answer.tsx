import { useState, type ReactNode, type SubmitEvent } from 'react';
import type { Interview } from './use-interview.ts';

interface TypedAnswerProps {
  attempt: Interview['attempt'];
  /** Shown from the beginning. */
  open: boolean;
}

/** An answer in writing, at any time in place of a spoken one. */
export function TypedAnswer({ attempt, open }: TypedAnswerProps): ReactNode {
  const [text, setText] = useState('');
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    void attempt(async (session) => {
      await session.sendText(text);
      setText('');
    });
  };
  return (
    <details open={open}>
      <summary>Type an answer</summary>
      <form onSubmit={send}>
        <textarea
          aria-label="Your answer"
          rows={3}
          required
          maxLength={8000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className={open ? undefined : 'quiet'}>
          Send
        </button>
      </form>
    </details>
  );
}
