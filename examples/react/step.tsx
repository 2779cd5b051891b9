import { useEffect, useRef, useState, type ReactNode } from 'react';

interface StepProps {
  title: string;
  lead?: string;
  children?: ReactNode;
}

/** One screen. Focus goes to its heading, so that nobody is left behind on a button that is gone. */
export function Step({ title, lead, children }: StepProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <section className="step" aria-label={title}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && <p className="lead">{lead}</p>}
      {children}
    </section>
  );
}

interface ActionProps {
  children: ReactNode;
  /** Never rejects. */
  onAct: () => Promise<void> | void;
  look?: 'quiet' | 'danger';
  pressed?: boolean;
}

/** A button that takes one press at a time. It keeps its focus while it is busy. */
export function Action({ children, onAct, look, pressed }: ActionProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    await onAct();
    setBusy(false);
  };
  return (
    <button
      type="button"
      className={look}
      aria-disabled={busy}
      aria-pressed={pressed}
      onClick={() => void act()}
    >
      {children}
    </button>
  );
}
