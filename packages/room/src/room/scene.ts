import type { Announcer } from '../controllers/announcer.ts';
import type { ConsentChoices } from '../controllers/consent-choices.ts';
import type { Countdown } from '../controllers/countdown.ts';
import type { InvitationLink } from '../controllers/invitation-link.ts';
import type { Late } from '../controllers/late.ts';
import type { Wording } from '../controllers/localize.ts';
import type { SessionController } from '../controllers/session-controller.ts';
import type { Translation } from '../translations/en.ts';
import type { Remedy } from '../view-model.ts';

/** Everything that a screen is drawn from. */
export interface RoomScene {
  readonly words: Translation;
  /** The page's own words, for elements within. */
  readonly wording: Wording | null;
  readonly theme: string;
  /** The integrator's own heading of the first page; empty for ours. */
  readonly heading: string;
  readonly simulation: boolean;
  /** The page brought a mark of its own. */
  readonly ownMark: boolean;
  readonly control: SessionController;
  readonly choices: ConsentChoices;
  /** Captions are shown. */
  readonly captions: boolean;
  /** How soon the lines that nobody hears are told. */
  readonly politeness: 'polite' | 'assertive' | 'off';
  readonly announcer: Pick<Announcer, 'say' | 'alert'>;
  readonly clock: Pick<Countdown, 'secondsLeft' | 'waiting'>;
  /** The candidate pressed End and is asked once more. */
  readonly ending: boolean;
  readonly actions: RoomActions;
  readonly link: Pick<InvitationLink, 'address' | 'follow'>;
  /** What lies beside the script, and what it keeps. */
  readonly late: Pick<Late, 'part' | 'kept'>;
  /** Asks for another rendering, after something changed that only a screen knows. */
  readonly redraw: () => void;
}

/** What the candidate can do on more than one screen. */
export interface RoomActions {
  readonly onContinue: () => void;
  readonly onStart: () => void;
  /** Into the talk in writing. */
  readonly onType: () => void;
  readonly onRemedy: (remedy: Exclude<Remedy, null>) => void;
  readonly onMute: () => void;
  readonly onCaptions: () => void;
  readonly onEnd: (step: 'ask' | 'keep' | 'end') => void;
}
