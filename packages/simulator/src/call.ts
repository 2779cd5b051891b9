import type { WebSocket } from '@fastify/websocket';
import { Conversation } from './conversation/conversation.ts';
import type { WireEvent } from './conversation/ports.ts';
import {
  toolCallsOf,
  utterancesOf,
  type ToolCallRecord,
  type Utterance,
} from './conversation/record.ts';
import type { Session } from './conversation/session.ts';
import type { TurnDetection } from './conversation/session-schema.ts';
import { Hearing } from './hearing/hearing.ts';
import { makeId } from './ids.ts';
import type { Offer } from './peer/offer.ts';
import { Peer } from './peer/peer.ts';
import type { CandidateTurn, Fault, Scenario } from './scenario.ts';
import { realTimers } from './timers.ts';
import { Player } from './voice/player.ts';
import type { Speech } from './voice/speech.ts';

/** What was sent last needs a moment to leave before everything closes, milliseconds. */
const LAST_WORD_MS = 100;

/** What a call is made with. */
export interface CallOptions {
  offer: Offer;
  session: Session;
  scenario: Scenario;
  nextTurn: () => CandidateTurn;
  faults: readonly Fault[];
  speech: Speech;
  bindAddress?: string;
}

/** The true record of a call. */
export interface CallRecord {
  call_id: string;
  created_at: string;
  ended_at: string | null;
  session: Session;
  utterances: Utterance[];
  tool_calls: ToolCallRecord[];
}

/** One call: joins the conversation to the peer, the voice, the ear and the sidebands. Decides nothing. */
export class Call {
  readonly id = makeId('rtc');
  readonly createdAt = new Date();
  readonly #conversation: Conversation;
  readonly #peer: Peer;
  readonly #player: Player;
  readonly #hearing: Hearing;
  readonly #timers = realTimers();
  readonly #sidebands = new Set<WebSocket>();
  readonly #faults: readonly Fault[];
  #silent = false;
  #endedAt: Date | null = null;

  constructor(options: CallOptions) {
    const { scenario } = options;
    this.#faults = options.faults;
    this.#player = new Player(options.speech, (frame, first) => {
      if (!this.#silent) this.#peer.sendAudio(frame, first);
    });
    this.#hearing = new Hearing(
      () => scenario.hangover_ms ?? hangoverOf(this.#conversation.session),
      (event) => {
        if (event.kind === 'started') this.#conversation.speechStarted(event.atMs);
        else this.#conversation.speechStopped(event.atMs);
      },
    );
    this.#conversation = new Conversation(options.session, {
      emit: (event) => this.#broadcast(event),
      timers: this.#timers,
      voice: this.#player,
      ear: this.#hearing,
      nextTurn: options.nextTurn,
      pace: {
        transcriptionDelayMs: scenario.transcription_delay_ms,
        responseDelayMs: scenario.response_delay_ms,
        generationSpeed: scenario.generation_speed,
      },
    });
    this.#peer = this.#makePeer(options);
    const lifeMs = options.session.expires_at * 1000 - Date.now();
    this.#timers.after(lifeMs, () => this.#expire());
  }

  get endedAt(): Date | null {
    return this.#endedAt;
  }

  /** The answer to the offer. */
  answer(): Promise<string> {
    return this.#peer.answer();
  }

  /** A server joins by WebSocket: it sees all events from now on and may send its own. */
  attach(socket: WebSocket): void {
    this.#sidebands.add(socket);
    socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    socket.on('close', () => this.#sidebands.delete(socket));
    socket.on('error', () => socket.terminate());
    if (this.#silent) return;
    socket.send(encode({ type: 'session.created', session: this.#conversation.session }));
  }

  /** Ends it; a second time changes nothing. */
  end(): void {
    if (this.#endedAt) return;
    this.#endedAt = new Date();
    this.#timers.stop();
    this.#player.close();
    this.#hearing.close();
    this.#peer.close();
    for (const socket of this.#sidebands) socket.close(1000, 'Call ended');
  }

  /** What was truly said. */
  record(): CallRecord {
    return {
      call_id: this.id,
      created_at: this.createdAt.toISOString(),
      ended_at: this.#endedAt?.toISOString() ?? null,
      session: this.#conversation.session,
      utterances: utterancesOf(this.#conversation.items),
      tool_calls: toolCallsOf(this.#conversation.items),
    };
  }

  #makePeer(options: CallOptions): Peer {
    return new Peer(
      options.offer,
      {
        channelOpen: () => {
          this.#peer.send(encode({ type: 'session.created', session: this.#conversation.session }));
          this.#scheduleFaults();
        },
        message: (text) => this.#receive(text),
        audio: (packet) => this.#hearing.packet(packet.sequence, packet.timestamp, packet.payload),
        audioOpen: () => this.#player.start(),
        closed: () => this.end(),
      },
      options.bindAddress === undefined ? {} : { bindAddress: options.bindAddress },
    );
  }

  #scheduleFaults(): void {
    for (const fault of this.#faults) {
      if (fault.kind === 'channel_drop') {
        this.#timers.after(fault.after_ms, () => this.#peer.closeChannel());
      }
      if (fault.kind === 'peer_drop') this.#timers.after(fault.after_ms, () => this.end());
      if (fault.kind === 'go_silent') {
        this.#timers.after(fault.after_ms, () => (this.#silent = true));
      }
    }
  }

  /** The provider's limit is reached; it says so and closes, without any warning before. */
  #expire(): void {
    this.#broadcast({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code: 'session_expired',
        message: 'Your session hit the maximum duration.',
        param: null,
        event_id: null,
      },
    });
    this.#timers.after(LAST_WORD_MS, () => this.end());
  }

  #receive(text: string): void {
    if (this.#endedAt) return;
    let value: unknown = null;
    try {
      value = JSON.parse(text);
    } catch {
      // Not JSON: null is no event either, and is answered as such.
    }
    this.#conversation.receive(value);
  }

  #broadcast(event: WireEvent): void {
    if (this.#silent) return;
    const text = encode(event);
    this.#peer.send(text);
    for (const socket of this.#sidebands) socket.send(text);
  }
}

function encode(event: WireEvent): string {
  return JSON.stringify({ ...event, event_id: makeId('event') });
}

/** Silence that ends a turn where no scenario says, milliseconds. */
function hangoverOf(session: Session): number {
  const detection: TurnDetection | null = session.audio.input.turn_detection;
  if (detection?.type === 'server_vad') return detection.silence_duration_ms;
  return { low: 900, medium: 700, auto: 700, high: 500 }[detection?.eagerness ?? 'auto'];
}
