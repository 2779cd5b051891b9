import type { TalkScript } from './talk-script.ts';
import type { Exchange, Told } from './talk.ts';

/**
 * Writes the reply of an exchange.
 *
 * @param interrupt begins what interrupts it, and gives the lane in which that stands
 */
export function writeReply(script: TalkScript, exchange: Exchange, interrupt: () => string): void {
  const { items, written } = exchange;
  // What is written is not played, so that nothing can be cut after it was generated.
  const shape = written && /[AC]/.test(exchange.interrupted ?? '') ? null : exchange.interrupted;
  const reply = new Reply(script, written);
  if (shape === 'D') {
    reply.end('cancelled', interrupt());
    return;
  }
  const cut = Math.min(exchange.cut, items - 1);
  const last = shape === 'B' || shape === 'C' ? cut : items - 1;
  for (let index = 0; index < last; index++) reply.item(index);
  if (shape === 'B') reply.beginItem(last);
  else reply.item(last);
  if (shape === null || shape === 'A') reply.end('completed');
  if (shape === null) {
    reply.play();
    return;
  }
  const lane = interrupt();
  reply.silence(lane);
  if (shape === 'B') reply.endItem('incomplete');
  if (shape !== 'A') reply.end('cancelled', lane);
  reply.cut(cut, exchange.heardMs);
}

interface Item {
  id: string;
  index: number;
  said: string;
  row: Told;
}

class Reply {
  readonly #script: TalkScript;
  readonly #written: boolean;
  readonly #id: string;
  readonly #items: Item[] = [];
  readonly #output: object[] = [];

  constructor(script: TalkScript, written: boolean) {
    this.#script = script;
    this.#written = written;
    this.#id = script.id('resp');
    this.#tell('response.created', { response: this.#as('in_progress') });
  }

  item(index: number): void {
    this.beginItem(index);
    this.endItem('completed');
  }

  /** Half of its words. */
  beginItem(index: number): void {
    const id = this.#script.id('item_a');
    const said = `This is ${id}.`;
    const row: Told = { item: id, role: 'interviewer', status: 'final', text: said, heardMs: null };
    const item = { id, index, said, row };
    this.#items.push(item);
    this.#script.place(id, row);
    const added = itemOf(item, 'in_progress', []);
    const lane = [`item ${id}`];
    this.#tell('response.output_item.added', { output_index: index, item: added }, lane);
    this.#script.show('added', added);
    this.#tell('response.content_part.added', { ...place(item), part: this.#part('') }, lane);
    this.#tell(this.#named('delta'), { ...place(item), delta: said.slice(0, 5) }, lane);
    if (index === 0 && !this.#written) this.#playback('started', [this.#lane]);
    this.#tell(this.#named('delta'), { ...place(item), delta: said.slice(5, 8) });
  }

  endItem(status: 'completed' | 'incomplete'): void {
    const item = this.#items.at(-1);
    if (!item) return;
    if (status === 'incomplete') {
      item.said = item.said.slice(0, 8).trim();
      Object.assign(item.row, { text: item.said, status: 'interrupted' });
    }
    const text = this.#written ? { text: item.said } : { transcript: item.said };
    const done = itemOf(item, status, [{ type: `output_${this.#kind}`, ...text }]);
    this.#output.push(done);
    if (status === 'completed')
      this.#tell(this.#named('delta'), { ...place(item), delta: item.said.slice(8) });
    if (!this.#written) this.#tell('response.output_audio.done', place(item));
    this.#tell(this.#named('done'), { ...place(item), ...text });
    this.#tell('response.content_part.done', { ...place(item), part: this.#part(item.said) });
    const lane = [`item ${item.id}`];
    this.#tell('response.output_item.done', { output_index: item.index, item: done }, lane);
    this.#script.show('done', done);
  }

  end(status: 'completed' | 'cancelled', ...lanes: string[]): void {
    this.#tell('response.done', { response: this.#as(status) }, lanes);
  }

  /** To its end. */
  play(): void {
    if (!this.#written) this.#playback('stopped', [this.#lane]);
  }

  /** What is still to be played is thrown away. */
  silence(lane: string): void {
    if (!this.#written) this.#playback('cleared', [this.#lane, lane]);
  }

  /** Only so much of an item was heard; what stands behind it was not heard at all. */
  cut(index: number, heardMs: number): void {
    const item = this.#items[index];
    if (this.#written || !item) return;
    const fields = { item_id: item.id, content_index: 0, audio_end_ms: heardMs };
    const lanes = [`playback ${this.#id}`, `item ${item.id}`];
    this.#script.send('conversation.item.truncated', fields, lanes);
    for (const one of this.#items.slice(index))
      Object.assign(one.row, { status: 'interrupted', heardMs: one === item ? heardMs : 0 });
  }

  get #kind(): 'text' | 'audio' {
    return this.#written ? 'text' : 'audio';
  }

  get #lane(): string {
    return `reply ${this.#id}`;
  }

  #named(what: 'delta' | 'done'): string {
    return `response.output_${this.#written ? 'text' : 'audio_transcript'}.${what}`;
  }

  #part(text: string): object {
    return this.#written ? { type: 'text', text } : { type: 'audio', transcript: text };
  }

  #as(status: string): object {
    const details = { type: status, reason: status === 'cancelled' ? 'turn_detected' : null };
    const output = [...this.#output];
    return { id: this.#id, status, status_details: details, output, conversation_id: 'conv_1' };
  }

  #playback(what: 'started' | 'stopped' | 'cleared', lanes: string[]): void {
    const fields = { response_id: this.#id };
    this.#script.send(`output_audio_buffer.${what}`, fields, [`playback ${this.#id}`, ...lanes]);
  }

  #tell(type: string, fields: object, lanes: string[] = []): void {
    this.#script.send(type, { response_id: this.#id, ...fields }, [this.#lane, ...lanes]);
  }
}

function place({ id, index }: Item): object {
  return { item_id: id, output_index: index, content_index: 0 };
}

function itemOf(
  { id }: Item,
  status: string,
  content: object[],
): { id: string } & Record<string, unknown> {
  return { id, type: 'message', role: 'assistant', status, content };
}
