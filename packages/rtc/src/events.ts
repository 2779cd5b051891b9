import type { EndReason, InterviewPhase, SessionStatus } from '@interview/protocol';
import type { InterviewError } from './errors.ts';

/**
 * Where an interview stands in this page. `completed` is final; from `failed` a retry may lead on.
 *
 * @example
 * session.on('statechange', ({ state }) => (endButton.hidden = state !== 'live'));
 */
export type InterviewState =
  | 'idle'
  | 'preparing'
  | 'ready'
  | 'connecting'
  | 'live'
  | 'paused'
  | 'reconnecting'
  | 'ending'
  | 'completed'
  | 'failed';

/**
 * Whose turn it is. `thinking`: the candidate has stopped and the answer has not begun.
 *
 * @example
 * session.on('turn', ({ turn }) => (hint.textContent = turn === 'listening' ? 'Your turn' : ''));
 */
export type Turn = 'listening' | 'candidate' | 'thinking' | 'interviewer';

/**
 * One utterance as a user interface shows it. Its `id` never changes; text and status may.
 *
 * @example
 * for (const { role, text, status } of session.lines) list.append(rowOf(role, text, status === 'partial'));
 */
export interface TranscriptLine {
  readonly id: string;
  readonly role: 'candidate' | 'interviewer';
  readonly text: string;
  readonly status: 'partial' | 'final' | 'interrupted' | 'failed' | 'inaudible';
  /** Since the interview began, milliseconds; null where unknown. */
  readonly atMs: number | null;
  /** Of an interrupted line: how much of it was played, milliseconds. */
  readonly heardMs: number | null;
}

/**
 * How far the transcript is stored.
 *
 * @example
 * session.on('delivery', ({ pending, kept }) => (leaveWarning = kept === 'memory' && pending > 0));
 */
export interface DeliveryStatus {
  /** Rows that the server has not acknowledged yet. */
  readonly pending: number;
  /** Rows of this page that are stored on the server. */
  readonly acknowledged: number;
  /** Where rows wait: `memory` means that closing the page would lose the pending ones. */
  readonly kept: 'indexeddb' | 'memory';
}

/**
 * What is wrong with a connection. `no_voice`: the microphone is open and gives nothing but silence.
 *
 * @example
 * if (warnings.includes('no_voice')) hint.textContent = 'We do not hear you. Is your microphone muted?';
 */
export type QualityWarning = 'round_trip' | 'jitter' | 'loss' | 'concealed' | 'no_voice';

/**
 * How good the connection is, over the last seconds.
 *
 * @example
 * session.on('quality', ({ rating, warnings }) => showBars(rating, warnings));
 */
export interface Quality {
  /** 1 (hardly usable) to 5 (excellent). It follows bad news fast and good news slowly, so that it does not flicker. */
  readonly rating: 1 | 2 | 3 | 4 | 5;
  /** Milliseconds; null where the browser does not tell. */
  readonly roundTripMs: number | null;
  /** Of the interviewer's voice, milliseconds. */
  readonly jitterMs: number | null;
  /** Share of packets that were lost, 0 to 1; the worse of both directions. */
  readonly loss: number | null;
  /** Share of the interviewer's voice that the browser had to make up, 0 to 1. */
  readonly concealed: number | null;
  /** Why it is not better. */
  readonly warnings: readonly QualityWarning[];
}

/**
 * Where the interview stands. `question` counts from 1; 0 before the first.
 *
 * @example
 * session.on('progress', ({ question, of }) => (label.textContent = `Question ${question} of ${of}`));
 */
export interface Progress {
  readonly question: number;
  readonly of: number;
  readonly text: string | null;
  readonly phase: InterviewPhase;
}

/**
 * What is left of the planned time.
 *
 * @example
 * session.on('time', ({ remainingS, paused }) => clock.set(remainingS, { stands: paused }));
 */
export interface TimeLeft {
  /** Seconds. */
  readonly remainingS: number;
  readonly paused: boolean;
}

/**
 * What can be chosen, and what is chosen. Labels are empty until the microphone was allowed.
 *
 * @example
 * const { microphones } = await session.devices();
 * select.append(...microphones.map(({ label, deviceId }) => new Option(label, deviceId)));
 */
export interface DeviceList {
  readonly microphones: MediaDeviceInfo[];
  readonly speakers: MediaDeviceInfo[];
}

/**
 * Every event and its payload.
 *
 * @example
 * function log(event: InterviewEvents['error']): void {
 *   console.error(event.error.code);
 * }
 */
export interface InterviewEvents {
  /** After each change of state. */
  statechange: { state: InterviewState; previous: InterviewState };
  /** After each change of any line; `lines` is the whole transcript in reading order. */
  transcript: { lines: readonly TranscriptLine[] };
  /** Who speaks now. */
  turn: { turn: Turn };
  /** A device came, went or was chosen. */
  devices: DeviceList & { microphoneId: string | null; speakerId: string | null };
  /** After a row was stored here or acknowledged by the server. */
  delivery: DeliveryStatus;
  /** About once a minute and when little is left, from the server. */
  time: TimeLeft;
  /** The interviewer went on to the next question. */
  progress: Progress;
  /** The candidate muted or unmuted. `released`: the microphone itself was let go. */
  muted: { muted: boolean; released: boolean };
  /** The connection's quality, every few seconds while a call is up. */
  quality: Quality;
  /** Something failed. `playback_blocked` needs a gesture and `resumePlayback()`; others end up in `failed` or are told only. */
  error: { error: InterviewError };
  /** The session is completed and everything is stored. */
  ended: { reason: EndReason; status: SessionStatus };
  /** Each message of the provider as it came, for debugging. */
  raw: { event: unknown };
}

/**
 * Name of an event.
 *
 * @example
 * const told: InterviewEventName[] = ['statechange', 'error', 'ended'];
 */
export type InterviewEventName = keyof InterviewEvents;
/**
 * What listens to one.
 *
 * @example
 * const showError: InterviewListener<'error'> = ({ error }) => alert(texts[error.code]);
 * session.on('error', showError);
 */
export type InterviewListener<Name extends InterviewEventName> = (
  payload: InterviewEvents[Name],
) => void;
