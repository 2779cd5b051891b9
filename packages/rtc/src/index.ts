export { InterviewSession } from './interview-session.ts';
export { InterviewError, interviewErrorCodes, type InterviewErrorCode } from './errors.ts';
export { silentLogger, type Logger } from './logger.ts';
export type {
  DeliveryStatus,
  DeviceList,
  InterviewEventName,
  InterviewEvents,
  InterviewListener,
  InterviewState,
  Progress,
  Quality,
  QualityWarning,
  TimeLeft,
  TranscriptLine,
  Turn,
} from './events.ts';
export type {
  AskKind,
  CandidateAction,
  ConsentGiven,
  Feedback,
  FunctionsClient,
  InterviewSessionOptions,
  Levels,
  PageSignal,
  Ports,
  ResumableInterview,
  StartBackend,
  StartInput,
  StepRequest,
} from './options.ts';
export type {
  ConnectTransport,
  Transport,
  TransportHandlers,
  TransportOptions,
} from './transport/transport.ts';
export type { Practice } from './media/practice.ts';
export type { OutboxStore, WriterState } from './delivery/store.ts';
export type {
  Capabilities,
  ConsentRequest,
  EndReason,
  InterviewPhase,
  LookReply,
  SessionStatus,
} from '@interview/protocol';
