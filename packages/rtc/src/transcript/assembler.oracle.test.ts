import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAiRealtime } from '../conversation/openai-realtime.ts';
import { callId, type Wire } from '../testing/conversation-events.ts';
import { exchanges, picks } from '../testing/random-talk.ts';
import { interleave, plain, type Step } from '../testing/talk.ts';
import { writeTalk } from '../testing/write-talk.ts';
import { Assembler } from './assembler.ts';

/** What is used of agents-js. Its own types draw in sources that do not compile under our settings. */
interface AgentsRealtime {
  OpenAIRealtimeBase: new () => { _onMessage(event: { data: string }): void };
  RealtimeAgent: new (options: { name: string }) => object;
  RealtimeSession: new (
    agent: object,
    options: { transport: object; tracingDisabled: boolean },
  ) => {
    readonly history: readonly { itemId: string }[];
    on(event: 'error', listener: () => void): void;
    connect(options: { apiKey: string }): Promise<void>;
    close(): void;
  };
}

/** In one piece: of a part of its parts Node would take the TypeScript source, under the conditions of our tests. */
const entry = createRequire(import.meta.url).resolve('@openai/agents-realtime');
const bundle = new URL('bundle/openai-realtime-agents.mjs', pathToFileURL(entry));
const { OpenAIRealtimeBase, RealtimeAgent, RealtimeSession } = (await import(
  bundle.href
)) as AgentsRealtime;

/** OpenAI's own reading of the wire (agents-js 0.20.0), without a wire. */
class Replay extends OpenAIRealtimeBase {
  readonly status = 'connected';
  readonly muted = null;
  connect = (): Promise<void> => Promise.resolve();
  sendEvent = (): void => undefined;
  mute = (): void => undefined;
  close = (): void => undefined;
  interrupt = (): void => undefined;

  take(event: Wire): void {
    this._onMessage({ data: JSON.stringify(event) });
  }
}

/** Ids of the items in the order in which OpenAI's session keeps them. */
async function historyOf(events: readonly Wire[]): Promise<string[]> {
  const transport = new Replay();
  const session = new RealtimeSession(new RealtimeAgent({ name: 'oracle' }), {
    transport,
    tracingDisabled: true,
  });
  // It has none of the tools that are called; the order of its history does not hang on them.
  session.on('error', () => undefined);
  await session.connect({ apiKey: 'ek_none' });
  for (const event of events) transport.take(event);
  const ids = session.history.map(({ itemId }) => itemId);
  session.close();
  return ids;
}

function linesOf(events: readonly Wire[]): string[] {
  const assembler = new Assembler(callId);
  for (const event of events) assembler.apply(openAiRealtime.decode(event).changes, 0);
  assembler.close();
  return assembler.lines(0).map(({ id }) => id.slice(callId.length + 1));
}

/**
 * The oracle gives an item its place when it first hears of it, and never moves it: at the tail where it does not know
 * the predecessor. So that it can be right, items come in the order of the server; all else comes in any legal order.
 */
function inServerOrder(steps: readonly Step[]): Step[] {
  const places = /^conversation\.item\.(added|deleted)$|^response\.output_item\.added$/;
  return steps.map(({ wire, lanes }) => ({
    wire,
    lanes: places.test(wire.type) ? [...lanes, 'items'] : lanes,
  }));
}

describe('Assembler beside OpenAI’s own session', () => {
  it('keeps the items of any talk in the same order', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(exchanges(6), picks, async (drawn, chosen) => {
        const events = interleave(inServerOrder(writeTalk(drawn).steps), chosen);
        const [ours, theirs] = [linesOf(events), await historyOf(events)];
        // What the provider forgot was said all the same: we keep it.
        const deleted = events.filter(({ type }) => type === 'conversation.item.deleted');
        const forgotten = new Set(deleted.map(({ item_id }) => item_id));
        const kept = ours.filter((id) => !forgotten.has(id));
        // It has more: silences, instructions, tools, notes outside the conversation.
        expect(theirs.filter((id) => kept.includes(id))).toEqual(kept);
        compared += kept.length;
      }),
      { numRuns: 100 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it('differs where it is known to: we wait for a predecessor, and show no note outside the conversation', async () => {
    const { steps } = writeTalk([{ ...plain, aside: 'note' }, plain]);
    const wire = interleave(steps, [0]);
    const said = /item_(u|a|n)_\d+/;
    const inOrder = linesOf(wire);
    const late = wire.filter(({ type }) => /committed|item\.(added|done)$/.test(type));
    const first = wire.filter((event) => !late.includes(event));
    const events = [...first, ...late.toReversed()];
    expect(linesOf(events)).toEqual(inOrder);
    const theirs = (await historyOf(events)).filter((id) => said.test(id));
    expect(theirs.filter((id) => !id.startsWith('item_n'))).not.toEqual(inOrder);
    expect(theirs.filter((id) => id.startsWith('item_n'))).toHaveLength(1);
  });
});
