import type { Announcer } from './announcer.ts';
import type { InterviewEffect } from './interview-events.ts';
import type { Interviewer } from './interviewer.ts';

/** Who does what was decided. */
export interface Performers {
  interviewer: Interviewer;
  announcer: Announcer;
  /** The candidate speaks. */
  speaking: () => boolean;
  leave: () => void;
  hangUp: () => void;
}

/** Does what was decided. `key` names the decision. */
export function perform(
  effect: InterviewEffect,
  key: string,
  { interviewer, announcer, speaking, leave, hangUp }: Performers,
): void {
  switch (effect.type) {
    case 'cut':
      interviewer.cut();
      break;
    case 'commit':
      if (speaking()) interviewer.commit();
      break;
    case 'steer':
      interviewer.steer(effect.text, key);
      break;
    case 'say':
      interviewer.say(effect.text, effect.farewell);
      break;
    case 'prompt':
      interviewer.prompt(effect.task);
      break;
    case 'reply':
      interviewer.reply(effect, key);
      break;
    case 'deafen':
      interviewer.deafen();
      break;
    case 'listen':
      interviewer.listen();
      break;
    case 'progress':
      announcer.progress();
      break;
    case 'time':
      announcer.time();
      break;
    case 'leave':
      leave();
      break;
    case 'hang_up':
      hangUp();
      break;
  }
}
