import type {
  ConsentGiven,
  DeliveryStatus,
  EndReason,
  InterviewError,
  InterviewEvents,
  InterviewState,
  Progress,
  Quality,
  SessionStatus,
  TimeLeft,
  TranscriptLine,
} from '@interview/rtc';

/**
 * Leaves the element, through every shadow root around it. Fields of the event and of its `detail` are the same, so that
 * frameworks which hand on `detail` alone lose nothing. Only where it says so can something be prevented.
 */
abstract class RoomEvent<Detail extends object> extends Event {
  /** The fields of this event once more. */
  readonly detail: Readonly<Detail>;

  constructor(type: string, detail: Detail, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable });
    this.detail = detail;
    Object.assign(this, detail);
  }
}

/** The interview moved on, for example from `connecting` to `live`. */
export class InterviewStateChangeEvent extends RoomEvent<{
  state: InterviewState;
  previous: InterviewState;
}> {
  static readonly type = 'interview-statechange';
  declare readonly state: InterviewState;
  declare readonly previous: InterviewState;

  constructor(payload: { state: InterviewState; previous: InterviewState }) {
    super(InterviewStateChangeEvent.type, payload);
  }
}

/** A line of the transcript came or changed. */
export class InterviewTranscriptEvent extends RoomEvent<{ lines: readonly TranscriptLine[] }> {
  static readonly type = 'interview-transcript';
  /** The whole transcript in reading order. */
  declare readonly lines: readonly TranscriptLine[];

  constructor(payload: { lines: readonly TranscriptLine[] }) {
    super(InterviewTranscriptEvent.type, payload);
  }
}

/** Something failed. The element shows what the candidate can do; this is for the page's own records. */
export class InterviewErrorEvent extends RoomEvent<{ error: InterviewError }> {
  static readonly type = 'interview-error';
  declare readonly error: InterviewError;

  constructor(payload: { error: InterviewError }) {
    super(InterviewErrorEvent.type, payload);
  }
}

/** The interview is over and everything is stored. */
export class InterviewCompletedEvent extends RoomEvent<{
  reason: EndReason;
  status: SessionStatus;
}> {
  static readonly type = 'interview-completed';
  declare readonly reason: EndReason;
  declare readonly status: SessionStatus;

  constructor(payload: { reason: EndReason; status: SessionStatus }) {
    super(InterviewCompletedEvent.type, payload);
  }
}

/**
 * The candidate answered what was asked, each purpose apart, and goes on. Where this is prevented, nothing begins; the page
 * may call `start()` later.
 */
export class InterviewConsentEvent extends RoomEvent<{ consents: readonly ConsentGiven[] }> {
  static readonly type = 'interview-consent';
  declare readonly consents: readonly ConsentGiven[];

  constructor(payload: { consents: readonly ConsentGiven[] }) {
    super(InterviewConsentEvent.type, payload, true);
  }
}

/** A part of the transcript was stored here or on the server. */
export class InterviewDeliveryEvent extends RoomEvent<{ delivery: DeliveryStatus }> {
  static readonly type = 'interview-delivery';
  declare readonly delivery: DeliveryStatus;

  constructor(delivery: DeliveryStatus) {
    super(InterviewDeliveryEvent.type, { delivery });
  }
}

/** The server told how much time is left. */
export class InterviewTimeEvent extends RoomEvent<{ time: TimeLeft }> {
  static readonly type = 'interview-time';
  declare readonly time: TimeLeft;

  constructor(time: TimeLeft) {
    super(InterviewTimeEvent.type, { time });
  }
}

/** The interviewer went on to another question. */
export class InterviewProgressEvent extends RoomEvent<{ progress: Progress }> {
  static readonly type = 'interview-progress';
  declare readonly progress: Progress;

  constructor(progress: Progress) {
    super(InterviewProgressEvent.type, { progress });
  }
}

/** A microphone or speaker came, went or was chosen. */
export class InterviewDeviceChangeEvent extends RoomEvent<{ devices: InterviewEvents['devices'] }> {
  static readonly type = 'interview-devicechange';
  declare readonly devices: InterviewEvents['devices'];

  constructor(devices: InterviewEvents['devices']) {
    super(InterviewDeviceChangeEvent.type, { devices });
  }
}

/** How good the connection is; every few seconds while a call is up. */
export class InterviewQualityEvent extends RoomEvent<{ quality: Quality }> {
  static readonly type = 'interview-quality';
  declare readonly quality: Quality;

  constructor(quality: Quality) {
    super(InterviewQualityEvent.type, { quality });
  }
}

/** The candidate pressed End. Where this is prevented, the room does not ask once more: the page does, and calls `end()`. */
export class InterviewEndRequestEvent extends RoomEvent<{ reason: EndReason }> {
  static readonly type = 'interview-end-request';
  /** What `end()` would be called with. */
  declare readonly reason: EndReason;

  constructor() {
    super(InterviewEndRequestEvent.type, { reason: 'candidate_ended' }, true);
  }
}

/** The session token does not hold any more. A fresh `sessionToken` of the same interview goes on with it. */
export class InterviewTokenExpiredEvent extends RoomEvent<{ error: InterviewError }> {
  static readonly type = 'interview-token-expired';
  declare readonly error: InterviewError;

  constructor(payload: { error: InterviewError }) {
    super(InterviewTokenExpiredEvent.type, payload);
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'interview-statechange': InterviewStateChangeEvent;
    'interview-transcript': InterviewTranscriptEvent;
    'interview-error': InterviewErrorEvent;
    'interview-completed': InterviewCompletedEvent;
    'interview-consent': InterviewConsentEvent;
    'interview-delivery': InterviewDeliveryEvent;
    'interview-time': InterviewTimeEvent;
    'interview-progress': InterviewProgressEvent;
    'interview-devicechange': InterviewDeviceChangeEvent;
    'interview-quality': InterviewQualityEvent;
    'interview-end-request': InterviewEndRequestEvent;
    'interview-token-expired': InterviewTokenExpiredEvent;
  }
}
