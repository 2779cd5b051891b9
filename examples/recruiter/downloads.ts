import { button, byId, wordsOf } from './document.ts';
import type { Recruiting } from './recruiting.ts';

const formats = [
  { format: 'json', label: 'JSON' },
  { format: 'vtt', label: 'WebVTT' },
  { format: 'srt', label: 'SRT' },
  { format: 'md', label: 'Markdown' },
  { format: 'csv', label: 'CSV' },
] as const;

/** The buttons that save a settled conversation as a file. */
export class Downloads {
  readonly #said = byId('download-said', HTMLElement);
  readonly #trouble = byId('download-trouble', HTMLElement);
  #session: string | null = null;

  constructor(recruiting: Recruiting) {
    byId('downloads', HTMLElement).append(
      ...formats.map(({ format, label }) => {
        const save = async (): Promise<void> => {
          if (this.#session !== null) await this.#save(recruiting, this.#session, format, label);
        };
        const made = button(label, 'quiet', save);
        made.ariaLabel = `Download as ${label}`;
        return made;
      }),
    );
  }

  /** Which session is saved from now on. */
  open(session: string | null): void {
    this.#session = session;
    this.#said.textContent = '';
    this.#trouble.textContent = '';
  }

  async #save(
    recruiting: Recruiting,
    session: string,
    format: string,
    label: string,
  ): Promise<void> {
    this.#trouble.textContent = '';
    this.#said.textContent = `${label} is being written …`;
    let said = '';
    let trouble = '';
    try {
      const name = `interview-${session.slice(0, 8)}.${format}`;
      offer(await written(recruiting, session, format), name);
      said = `${name} was saved.`;
    } catch (error) {
      trouble = wordsOf(error);
    }
    // The reader may have gone on meanwhile.
    if (this.#session !== session) return;
    this.#said.textContent = said;
    this.#trouble.textContent = trouble;
  }
}

/** The newest report of a session in a format, byte by byte. */
async function written(recruiting: Recruiting, session: string, format: string): Promise<Blob> {
  const reply = await recruiting
    .post('transcript-processor', { action: 'export', session_id: session, format })
    .catch(() => {
      throw new Error('The server can not be reached. Check your connection, then try again.');
    });
  if (reply.ok) return reply.blob();
  if (reply.status === 404) throw new Error('There is no report of this interview yet.');
  if (reply.status === 401) throw new Error('Your sign-in has ended. Sign in again.');
  throw new Error('The file could not be made. Please try again.');
}

/** Hands a file to the browser, which saves it. */
function offer(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Safari reads it only after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
