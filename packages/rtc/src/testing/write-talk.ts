import { TalkScript } from './talk-script.ts';
import type { Exchange, Talk, Told } from './talk.ts';
import { writeReply } from './write-reply.ts';

/** Writes a talk as the provider would send it. */
export function writeTalk(exchanges: readonly Exchange[]): Talk {
  const writer = new TalkWriter();
  for (const [index, exchange] of exchanges.entries()) writer.write(exchange, exchanges[index + 1]);
  return writer.script.talk;
}

class TalkWriter {
  readonly script = new TalkScript();
  /** A turn whose speech has begun already, since it interrupted the reply before it. */
  #begun: string | null = null;

  write(exchange: Exchange, next: Exchange | undefined): void {
    this.#aside(exchange.aside);
    if (exchange.turn === 'typed') this.#typed();
    else this.#heard(exchange);
    for (let tool = 0; tool < exchange.tools; tool++) this.#tool();
    if (exchange.items > 0) writeReply(this.script, exchange, () => this.#interrupt(next));
    if (exchange.insertedAfter !== null) this.#typed(exchange.insertedAfter);
    if (exchange.forgotten) this.script.forget();
  }

  /** By the candidate who speaks next; else somebody cancelled it. */
  #interrupt(next: Exchange | undefined): string {
    if (next?.turn !== 'spoken') return 'nobody';
    this.#begun = this.#speech(next.coughs);
    return `words ${this.#begun}`;
  }

  #speech(coughs: number): string {
    for (let cough = 0; cough < coughs; cough++)
      this.#input('speech_started', this.script.id('item_c'));
    const id = this.script.id('item_u');
    this.#input('speech_started', id, [`words ${id}`]);
    return id;
  }

  #heard({ turn, coughs, transcription }: Exchange): void {
    const spoken = turn === 'spoken';
    const id = this.#begun ?? (spoken ? this.#speech(coughs) : this.script.id('item_s'));
    this.#begun = null;
    this.#input(spoken ? 'speech_stopped' : 'timeout_triggered', id);
    const row: Told = { item: id, role: 'candidate', status: 'final', text: '', heardMs: null };
    const previous = this.script.place(id, spoken ? row : null);
    this.#input('committed', id, [`after ${previous}`], { previous_item_id: previous });
    const content = [{ type: 'input_audio', transcript: null }];
    const item = { id, type: 'message', role: 'user', status: 'completed', content };
    this.script.show('added', item);
    this.script.show('done', item);
    if (spoken) this.#transcribe(id, transcription, row);
  }

  #transcribe(id: string, outcome: Exchange['transcription'], row: Told): void {
    const tell = (what: string, fields: object): void => {
      const type = `conversation.item.input_audio_transcription.${what}`;
      this.script.send(type, { item_id: id, content_index: 0, ...fields }, [`words ${id}`]);
    };
    const [piece, text] = [`I am`, `I am ${id}.`];
    if (outcome !== 'empty') tell('delta', { delta: piece });
    if (outcome === 'failed') tell('failed', { error: { type: 'server_error' } });
    if (outcome === 'completed') tell('completed', { transcript: `${text}\n`, languages: ['en'] });
    if (outcome === 'empty') tell('completed', { transcript: ' \n' });
    row.text = { completed: text, empty: '', failed: piece, never: piece }[outcome];
    if (outcome === 'empty') row.status = 'inaudible';
    else if (outcome !== 'completed') row.status = 'failed';
  }

  #typed(after?: number): void {
    const id = this.script.id('ivr_t');
    const text = `I type ${id}.`;
    this.script.place(
      id,
      { item: id, role: 'candidate', status: 'final', text, heardMs: null },
      after,
    );
    const content = [{ type: 'input_text', text }];
    const item = { id, type: 'message', role: 'user', status: 'completed', content };
    this.script.show('added', item);
    this.script.show('done', item);
  }

  /** A response that calls a tool and says nothing, and the output of the tool. */
  #tool(): void {
    const [id, response_id, call_id] = [
      this.script.id('item_f'),
      this.script.id('resp'),
      this.script.id('call'),
    ];
    const lane = [`reply ${response_id}`];
    const response = { id: response_id, conversation_id: 'conv_1', output: [] };
    const call = { id, type: 'function_call', call_id, name: 'next_question', arguments: '{}' };
    const done = { ...call, status: 'completed' };
    this.script.place(id, null);
    const place = { response_id, output_index: 0 };
    this.script.send(
      'response.created',
      { response: { ...response, status: 'in_progress' } },
      lane,
    );
    this.script.send(
      'response.output_item.added',
      { ...place, item: { ...call, status: 'in_progress' } },
      [...lane, `item ${id}`],
    );
    this.script.show('added', { ...call, status: 'in_progress' });
    this.script.send('response.output_item.done', { ...place, item: done }, [
      ...lane,
      `item ${id}`,
    ]);
    this.script.show('done', done);
    this.script.send(
      'response.done',
      { response: { ...response, status: 'completed', output: [done] } },
      lane,
    );
    const output = {
      id: this.script.id('item_o'),
      type: 'function_call_output',
      call_id,
      output: '{"ok":true}',
    };
    this.script.place(output.id, null);
    this.script.show('added', output, [`item ${id}`]);
    this.script.show('done', output);
  }

  #aside(aside: Exchange['aside']): void {
    if (aside === 'unknown') this.script.send('response.juggling.started', { balls: 3 }, []);
    if (aside === 'steering') {
      const id = this.script.id('ivr_s');
      const content = [{ type: 'input_text', text: 'Go on.' }];
      this.script.place(id, null);
      this.script.show('added', {
        id,
        type: 'message',
        role: 'system',
        status: 'completed',
        content,
      });
    }
    if (aside === 'note') this.#note();
  }

  /** A response outside the conversation: its item has no place in it. */
  #note(): void {
    const [id, item_id] = [this.script.id('resp'), this.script.id('item_n')];
    const lane = [`reply ${id}`];
    const response = { id, conversation_id: null, output: [] };
    const item = { id: item_id, type: 'message', role: 'assistant' };
    const place = { response_id: id, item_id, output_index: 0, content_index: 0 };
    const content = [{ type: 'output_text', text: 'A note to nobody.' }];
    this.script.send(
      'response.created',
      { response: { ...response, status: 'in_progress' } },
      lane,
    );
    this.script.send(
      'response.output_item.added',
      { ...place, item: { ...item, status: 'in_progress', content: [] } },
      lane,
    );
    this.script.send(
      'response.content_part.added',
      { ...place, part: { type: 'text', text: '' } },
      lane,
    );
    this.script.send('response.output_text.done', { ...place, text: 'A note to nobody.' }, lane);
    this.script.send(
      'response.output_item.done',
      { ...place, item: { ...item, status: 'completed', content } },
      lane,
    );
    this.script.send('response.done', { response: { ...response, status: 'completed' } }, lane);
  }

  #input(what: string, id: string, lanes: string[] = [], fields: object = {}): void {
    const ms = { audio_start_ms: 100, audio_end_ms: 900 };
    this.script.send(`input_audio_buffer.${what}`, { item_id: id, ...ms, ...fields }, [
      'input',
      `item ${id}`,
      ...lanes,
    ]);
  }
}
