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

/** Leaves the element, through every shadow root around it; nothing can be prevented. */
const outward: EventInit = { bubbles: true, composed: true, cancelable: false };

/** The interview moved on, for example from `connecting` to `live`. */
export class InterviewStateChangeEvent extends Event {
  static readonly type = 'interview-statechange';
  readonly state: InterviewState;
  readonly previous: InterviewState;

  constructor(payload: { state: InterviewState; previous: InterviewState }) {
    super(InterviewStateChangeEvent.type, outward);
    this.state = payload.state;
    this.previous = payload.previous;
  }
}

/** A line of the transcript came or changed. */
export class InterviewTranscriptEvent extends Event {
  static readonly type = 'interview-transcript';
  /** The whole transcript in reading order. */
  readonly lines: readonly TranscriptLine[];

  constructor(payload: { lines: readonly TranscriptLine[] }) {
    super(InterviewTranscriptEvent.type, outward);
    this.lines = payload.lines;
  }
}

/** Something failed. The element shows what the candidate can do; this is for the page's own records. */
export class InterviewErrorEvent extends Event {
  static readonly type = 'interview-error';
  readonly error: InterviewError;

  constructor(payload: { error: InterviewError }) {
    super(InterviewErrorEvent.type, outward);
    this.error = payload.error;
  }
}

/** The interview is over and everything is stored. */
export class InterviewCompletedEvent extends Event {
  static readonly type = 'interview-completed';
  readonly reason: EndReason;
  readonly status: SessionStatus;

  constructor(payload: { reason: EndReason; status: SessionStatus }) {
    super(InterviewCompletedEvent.type, outward);
    this.reason = payload.reason;
    this.status = payload.status;
  }
}

/** The candidate answered what was asked, each purpose apart, and goes on. */
export class InterviewConsentEvent extends Event {
  static readonly type = 'interview-consent';
  readonly consents: readonly ConsentGiven[];

  constructor(payload: { consents: readonly ConsentGiven[] }) {
    super(InterviewConsentEvent.type, outward);
    this.consents = payload.consents;
  }
}

/** A part of the transcript was stored here or on the server. */
export class InterviewDeliveryEvent extends Event {
  static readonly type = 'interview-delivery';
  readonly delivery: DeliveryStatus;

  constructor(payload: DeliveryStatus) {
    super(InterviewDeliveryEvent.type, outward);
    this.delivery = payload;
  }
}

/** The server told how much time is left. */
export class InterviewTimeEvent extends Event {
  static readonly type = 'interview-time';
  readonly time: TimeLeft;

  constructor(payload: TimeLeft) {
    super(InterviewTimeEvent.type, outward);
    this.time = payload;
  }
}

/** The interviewer went on to another question. */
export class InterviewProgressEvent extends Event {
  static readonly type = 'interview-progress';
  readonly progress: Progress;

  constructor(payload: Progress) {
    super(InterviewProgressEvent.type, outward);
    this.progress = payload;
  }
}

/** A microphone or speaker came, went or was chosen. */
export class InterviewDeviceChangeEvent extends Event {
  static readonly type = 'interview-devicechange';
  readonly devices: InterviewEvents['devices'];

  constructor(payload: InterviewEvents['devices']) {
    super(InterviewDeviceChangeEvent.type, outward);
    this.devices = payload;
  }
}

/** How good the connection is; every few seconds while a call is up. */
export class InterviewQualityEvent extends Event {
  static readonly type = 'interview-quality';
  readonly quality: Quality;

  constructor(payload: Quality) {
    super(InterviewQualityEvent.type, outward);
    this.quality = payload;
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
  }
}
