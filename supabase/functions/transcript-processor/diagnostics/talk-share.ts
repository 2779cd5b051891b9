import type { Metric } from '@interview/protocol';
import { heardSpan, type Line } from './line.ts';
import { reliabilityOf } from './reliability.ts';
import { speechMs } from './speech-ms.ts';

/**
 * The candidate's share of all speaking time: S_c / (S_c + S_i), S the time in which one was heard. An interviewer should
 * stay below 35 %. At best `medium`: the times are a voice detector's, pauses within a line count as speech.
 */
export function talkShare(lines: readonly Line[], complete: boolean): Metric {
  const timed = lines.filter((line) => line.role !== 'system' && heardSpan(line) !== null);
  const candidate = speechMs(timed.filter(({ role }) => role === 'candidate'));
  const interviewer = speechMs(timed.filter(({ role }) => role === 'interviewer'));
  const all = candidate + interviewer;
  return {
    value: all === 0 ? null : candidate / all,
    n: timed.length,
    reliability: reliabilityOf('medium', timed.length, 10, complete),
  };
}
