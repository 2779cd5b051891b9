import { appendFileSync, writeFileSync } from 'node:fs';

/** A message that a hosted project would send. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Takes what Auth sends. */
export interface Mailbox {
  send: (message: { to: string; subject: string; text?: string }) => Promise<void>;
}

/**
 * Nothing leaves this machine: messages are kept in a file, one JSON object a line, so that people and tests can read the
 * codes in them. Readable by its owner only.
 *
 * @param told is called with each
 */
export function openMailbox(path: string, told: (mail: Mail) => void = () => undefined): Mailbox {
  // The codes of an earlier run open nothing any more.
  writeFileSync(path, '', { mode: 0o600 });
  return {
    send: ({ to, subject, text = '' }) => {
      const mail = { to, subject, text };
      appendFileSync(path, `${JSON.stringify(mail)}\n`);
      told(mail);
      return Promise.resolve();
    },
  };
}
