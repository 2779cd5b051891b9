import type { ServerMessage, TranscriptEntry } from '@interview/protocol';
import type { SignallerRequest } from '../../signalling/signaller.ts';
import { writerId } from '../../testing/rows.ts';

/** In place of what the server would answer. */
export type Reply = Partial<Extract<ServerMessage, { type: 'ack' }>> | Error;

/** A server that holds what it was sent, and answers as the test says. */
export class DeliveryServer {
  readonly held = new Map<number, string>();
  readonly batches: number[][] = [];
  /** What pages that were left sent. */
  readonly flushed: number[][] = [];
  /** What the next requests are answered with; then all is taken. */
  script: (Reply | (() => Promise<Reply>))[] = [];

  async request(message: SignallerRequest): Promise<ServerMessage> {
    const entries = entriesOf(message);
    this.batches.push(entries.map(({ sequence }) => sequence));
    const next = this.script.shift();
    const reply = typeof next === 'function' ? await next() : next;
    if (reply instanceof Error) throw reply;
    if (!reply) for (const { sequence, text } of entries) this.held.set(sequence, text);
    let last_sequence = 0;
    while (this.held.has(last_sequence + 1)) last_sequence += 1;
    const writer_id = 'writer_id' in message ? message.writer_id : writerId;
    const counts = { last_sequence, stored: 0, duplicates: 0, refused: [] };
    return { type: 'ack', id: 'm', writer_id, ...counts, ...reply };
  }

  flush(message: SignallerRequest): void {
    this.flushed.push(entriesOf(message).map(({ sequence }) => sequence));
  }
}

function entriesOf(message: SignallerRequest): TranscriptEntry[] {
  return ('entries' in message ? message.entries : []) as TranscriptEntry[];
}
