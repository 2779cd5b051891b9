import type { TranscriptLine } from '@interview/rtc';
import { defineInterviewRoom } from '../src/room/define.ts';
import { furnishLive, line } from '../src/testing/furnish.ts';
import type { SessionDouble } from '../src/testing/session-double.ts';

/** What the bench calls in the page. */
export interface TalkPage {
  /** All lines come at once, as after a reload, with marks in the trace as for one. */
  resume(count: number): Promise<void>;
  /** One more line, with a mark in the trace before it and after its frame. */
  append(): Promise<void>;
  /** The last line changes so often, as while somebody speaks. */
  speak(times: number): Promise<void>;
}

const said =
  'We split it again, but kept a summary in sight the whole way, and completion went up by nine points. ';

let session: SessionDouble | null = null;
let lines: readonly TranscriptLine[] = [];

function spoken(at: number, text = said.repeat(1 + (at % 3))): TranscriptLine {
  return line(String(at), at % 2 ? 'candidate' : 'interviewer', text, 'final');
}

function painted(): Promise<unknown> {
  return new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(null))),
  );
}

/** The trace shows it whole, unlike what the bench itself calls. */
function anotherTask(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve));
}

function say(all: readonly TranscriptLine[]): Promise<unknown> {
  lines = all;
  session?.say(all);
  return painted();
}

const page: TalkPage = {
  async resume(count) {
    defineInterviewRoom();
    ({ session } = await furnishLive());
    await anotherTask();
    performance.mark('resume begins');
    await say(Array.from({ length: count }, (_, at) => spoken(at)));
    performance.mark('resume ends');
  },
  async append() {
    await anotherTask();
    performance.mark('append begins');
    await say([...lines, spoken(lines.length)]);
    performance.mark('append ends');
  },
  async speak(times) {
    const before = lines;
    for (let word = 1; word <= times; word += 1) {
      await say([...before, { ...spoken(before.length, `${word} words`), status: 'partial' }]);
    }
    await say(before);
  },
};

Object.assign(window, { talk: page });
