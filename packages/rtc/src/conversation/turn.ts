import type { Turn } from '../events.ts';
import type { ConversationChange } from './decoder.ts';

/** Whose turn it is after `change`, pure. */
export function turnAfter(turn: Turn, change: ConversationChange): Turn {
  switch (change.kind) {
    case 'speech_started':
      return 'candidate';
    case 'speech_stopped':
      return turn === 'candidate' ? 'thinking' : turn;
    case 'speech_dropped':
      return turn === 'candidate' ? 'listening' : turn;
    case 'reply_started':
      return turn === 'listening' ? 'thinking' : turn;
    case 'playing':
      return 'interviewer';
    case 'played':
    case 'silenced':
      return turn === 'interviewer' ? 'listening' : turn;
    case 'reply_ended':
      return change.outcome !== 'completed' && turn === 'thinking' ? 'listening' : turn;
    default:
      return turn;
  }
}
