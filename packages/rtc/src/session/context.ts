import type { CallId, ServerMessage, StartReply, WriterId } from '@interview/protocol';
import type { Decoder } from '../conversation/decoder.ts';
import type { Courier } from '../delivery/courier.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { OutboxStore } from '../delivery/store.ts';
import type { InterviewError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Media } from '../media/media.ts';
import type { InterviewSessionOptions, Ports, StartInput } from '../options.ts';
import type { Signaller } from '../signalling/signaller.ts';
import type { TranscriptLog } from '../transcript/log.ts';
import type { Backend } from './backend.ts';
import type { Identity } from './identity.ts';
import type { LiveCall } from './live-call.ts';
import type { Machine } from './machine.ts';
import type { Tell, View } from './view.ts';

/** What exists once the server knows the candidate: a session, a connection to the proxy, rows on their way. */
export interface Joined {
  readonly reply: StartReply;
  readonly outbox: Outbox;
  readonly signaller: Signaller;
  readonly courier: Courier;
  /** Aborted when the connection is given up; another start makes a new one. */
  readonly end: AbortController;
}

/** What the sequences of one session share. The facade builds it; `start`, `reconnect` and `end` fill it. */
export interface SessionContext {
  readonly options: InterviewSessionOptions;
  readonly ports: Ports;
  readonly logger: Logger;
  readonly machine: Machine;
  readonly media: Media;
  readonly log: TranscriptLog;
  readonly view: View;
  readonly backend: Backend;
  readonly identity: Identity;
  readonly decoder: Decoder;
  readonly tell: Tell;
  /** What the proxy sends without being asked. */
  readonly obey: (message: ServerMessage) => void;
  /** The proxy will not have this page any more. */
  readonly refused: (error: InterviewError) => void;
  /** This page load, as a writer of rows. */
  readonly writerId: WriterId;
  /** Ends whatever is under way; replaced by each start. */
  abort: AbortController;
  /** What the last `start` was given, for a start that has to be repeated. */
  input: StartInput;
  /** On its way from the start on, so that nobody waits for the disk. */
  store: Promise<OutboxStore> | null;
  joined: Joined | null;
  call: LiveCall | null;
  /** The media of this call went away at `since` (wall clock, milliseconds) and are not back. */
  trouble: { call: CallId; since: number } | null;
  /** The end that is under way. */
  ending: Promise<void> | null;
  /** Tells the call that waits for it that sound may be played. */
  playbackResumed: (() => void) | null;
  destroyed: boolean;
  /** Cuts the pause before the next attempt to reconnect short. */
  hurry: (() => void) | null;
}

/** Stops the call, frees the microphone and says why. Rows are still delivered as long as the proxy is reached. */
export function fail(context: SessionContext, error: InterviewError): void {
  closeCall(context);
  context.media.release();
  context.media.held = false;
  if (context.machine.can('failed')) context.machine.go('failed');
  context.view.error = error;
}

/** Hangs up. What the call still had open is closed with what it has. */
export function closeCall(context: SessionContext): void {
  context.call?.close();
  context.call = null;
  context.view.turn = 'listening';
}

/** Takes over what the proxy says of a pause. */
export function setPaused({ machine, media }: SessionContext, paused: boolean): void {
  const next = paused ? 'paused' : 'live';
  if (!machine.is('live', 'paused') || machine.is(next)) return;
  media.held = paused;
  machine.go(next);
}

/** Lets the disk go once what is under way was stored; who starts again opens it again. */
export async function closeStore(context: SessionContext): Promise<void> {
  const { store, joined } = context;
  context.store = null;
  await joined?.outbox.settled();
  (await store)?.close?.();
}
