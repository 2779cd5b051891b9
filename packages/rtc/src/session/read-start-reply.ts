import type { InterviewSummary, StartReply, TranscriptRow } from '@interview/protocol';
import { isFlag, isNumber, isText, listOf, orMissing, orNull, shape } from '../signalling/shape.ts';

/** What a candidate is told of an interview. */
export const isSummary = shape<InterviewSummary>({
  title: isText,
  language: isText,
  duration_s: isNumber,
  questions_total: isNumber,
});

const isRow = shape<TranscriptRow>({
  entry_id: isText,
  role: isText,
  text: isText,
  status: isText,
  call_id: isText,
  call_ordinal: isNumber,
  source: isText,
  started_ms: orNull(isNumber),
  ended_ms: orNull(isNumber),
  heard_ms: orNull(isNumber),
});

const isStart = shape<StartReply>({
  session: shape<StartReply['session']>({
    id: isText,
    status: isText,
    phase: isText,
    resumable: isFlag,
    mode: orMissing(isText),
    interview: isSummary,
  }),
  token: isText,
  expires_at: isNumber,
  proxy: shape<StartReply['proxy']>({ ws_url: isText, http_url: isText }),
  transcript: listOf(isRow),
});

/** The reply to `start`; null for anything else. */
export function readStartReply(value: unknown): StartReply | null {
  return isStart(value) ? (value as StartReply) : null;
}
