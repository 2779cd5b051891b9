import type { CaptionPace } from '../controllers/caption-pace.ts';
import type { ConsentChoices } from '../controllers/consent-choices.ts';
import type { Countdown } from '../controllers/countdown.ts';
import type { SessionController } from '../controllers/session-controller.ts';
import type { Translation } from '../translations/en.ts';
import type { Remedy } from '../view-model.ts';

/** Everything that a screen is drawn from. */
export interface RoomScene {
  readonly words: Translation;
  readonly theme: string;
  /** The integrator's own heading of the first page; empty for ours. */
  readonly heading: string;
  readonly simulation: boolean;
  /** The page brought a mark of its own. */
  readonly ownMark: boolean;
  readonly control: SessionController;
  readonly choices: ConsentChoices;
  readonly caption: Pick<CaptionPace, 'caption' | 'asked'>;
  /** Captions are shown. */
  readonly captions: boolean;
  readonly clock: Pick<Countdown, 'secondsLeft' | 'waiting'>;
  /** The candidate pressed End and is asked once more. */
  readonly ending: boolean;
  readonly actions: RoomActions;
}

/** What the candidate can do, and what the page may change. */
export interface RoomActions {
  readonly onContinue: () => void;
  readonly onStart: () => void;
  readonly onRemedy: (remedy: Exclude<Remedy, null>) => void;
  readonly onMute: () => void;
  readonly onCaptions: () => void;
  readonly onEnd: (step: 'ask' | 'keep' | 'end') => void;
  readonly onMarkChange: () => void;
}
