import type { CaptionPace } from '../controllers/caption-pace.ts';
import type { SessionDoor } from '../controllers/session-controller.ts';
import type { Talk } from '../controllers/talk.ts';
import type { Cover } from '../view-model.ts';
import type { RoomScene } from './scene.ts';

/** What the room shows while the talk goes on. */
export interface LiveScene extends RoomScene {
  readonly session: SessionDoor;
  readonly cover: Cover;
}

/** With what the talk itself keeps. */
export interface TalkScene extends RoomScene {
  readonly session: SessionDoor;
  /** `paused`: the candidate let it wait. */
  readonly cover: Cover | 'paused';
  readonly talk: Talk;
  readonly caption: Pick<CaptionPace, 'caption' | 'asked'>;
  /** The candidate thinks for a while already. */
  readonly thinking: boolean;
}

/** BCP 47 tag of what is spoken. */
export function spokenLang({ control }: RoomScene): string {
  return control.about?.interview.language ?? '';
}
