import type { Progress, TranscriptLine } from '@interview/rtc';
import type { AiInterviewRoom } from '../room/room.ts';
import { until } from './page.ts';
import { SessionDouble } from './session-double.ts';

/** A room on the page, with the session that drives it. */
export interface Furnished {
  readonly room: AiInterviewRoom;
  readonly session: SessionDouble;
  /** Waits until the screen of this name is shown. */
  readonly reach: (screen: string) => Promise<void>;
  /** The first element inside the room that matches. */
  readonly find: (selector: string) => HTMLElement;
  readonly shows: (selector: string) => boolean;
  /** The button with this text. */
  readonly button: (text: string) => HTMLElement;
  /** Waits until a button with this text is there. */
  readonly offered: (text: string) => Promise<HTMLElement>;
  /** What a reader sees. */
  readonly text: () => string;
}

export const sampleLines: readonly TranscriptLine[] = [
  line('1', 'interviewer', 'Tell me about a project where research changed your mind.', 'final'),
  line('2', 'candidate', 'We merged delivery and payment, and people slowed down.', 'final'),
  line('3', 'interviewer', 'What changed in the flow after you watched', 'interrupted'),
  line('4', 'candidate', 'We split it again', 'partial'),
];

export const sampleProgress: Progress = {
  question: 3,
  of: 5,
  text: 'What changed in the flow after you watched people use it?',
  phase: 'question',
};

export function line(
  id: string,
  role: TranscriptLine['role'],
  text: string,
  status: TranscriptLine['status'],
): TranscriptLine {
  return { id, role, text, status, atMs: Number(id) * 1000, heardMs: null };
}

/** Puts a room with `session` on a page. @param invitation empty: the page's address tells it */
export async function furnish(
  session = new SessionDouble(),
  page: Document = document,
  invitation = 'inv_test',
): Promise<Furnished> {
  const room = page.createElement('ai-interview-room');
  room.className = 'placed';
  room.startUrl = 'https://northwind.test/start';
  room.invitation = invitation;
  room.theme = 'light';
  room.sessionFactory = () => session;
  page.body.append(room);
  const find = (selector: string): HTMLElement => {
    const found = room.renderRoot.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`${selector} is not shown. Shown: ${text()}`);
    return found;
  };
  const shows = (selector: string): boolean => room.renderRoot.querySelector(selector) !== null;
  const text = (): string => find('.room').innerText;
  const button = (name: string): HTMLElement => {
    const buttons = [...room.renderRoot.querySelectorAll('button')];
    const found = buttons.find((one) => one.innerText.trim().startsWith(name));
    if (found === undefined) throw new Error(`No button says ${name}. Shown: ${text()}`);
    return found;
  };
  const offered = async (name: string): Promise<HTMLElement> => {
    const says = (one: HTMLElement): boolean => one.innerText.trim().startsWith(name);
    await until(
      () => [...room.renderRoot.querySelectorAll('button')].some(says),
      () => `No button says ${name}. Shown: ${text()}`,
    );
    return button(name);
  };
  const reach = async (screen: string): Promise<void> => {
    await until(
      () => shows(`.main.${screen}`),
      () => `${screen} was not reached. Shown: ${text()}`,
    );
    await room.updateComplete;
  };
  await room.updateComplete;
  return { room, session, reach, find, shows, button, offered, text };
}

/** A room in the midst of the talk. */
export async function furnishLive(
  session = new SessionDouble(),
  page: Document = document,
): Promise<Furnished> {
  const furnished = await furnish(session, page);
  await furnished.reach('welcome');
  furnished.find('#consent-transcription').click();
  await furnished.room.updateComplete;
  furnished.button('Check my microphone').click();
  await furnished.reach('check');
  await session.untilState('ready');
  await furnished.room.updateComplete;
  furnished.button('Start the interview').click();
  await furnished.reach('live');
  session.advance(sampleProgress);
  session.tellTime({ remainingS: 702, paused: false });
  session.say(sampleLines);
  session.take('candidate');
  await furnished.room.updateComplete;
  return furnished;
}
