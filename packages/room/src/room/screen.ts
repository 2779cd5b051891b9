import type { TemplateResult } from 'lit';
import type { CaptionPace } from '../controllers/caption-pace.ts';
import type { ConsentChoices } from '../controllers/consent-choices.ts';
import type { SessionController } from '../controllers/session-controller.ts';
import type { Translation } from '../translations/en.ts';
import { savingOf, type Remedy, type Screen } from '../view-model.ts';
import * as cards from './cards.ts';
import { live, type LiveProps } from './live.ts';
import { welcome } from './welcome.ts';

/** Everything that a screen is drawn from. */
export interface RoomScene {
  readonly words: Translation;
  readonly theme: string;
  readonly heading: string;
  readonly control: SessionController;
  readonly choices: ConsentChoices;
  readonly caption: CaptionPace;
  readonly captions: boolean;
  readonly secondsLeft: number | null;
  /** The candidate pressed End and is asked once more. */
  readonly ending: boolean;
  readonly actions: RoomActions;
}

/** What the candidate can do. */
export interface RoomActions extends Pick<LiveProps, 'onMute' | 'onCaptions' | 'onEnd'> {
  readonly onContinue: () => void;
  readonly onStart: () => void;
  readonly onRemedy: (remedy: Exclude<Remedy, null>) => void;
}

/** The one screen. */
export function screenTemplate(screen: Screen, scene: RoomScene): TemplateResult {
  const { words, control } = scene;
  switch (screen.name) {
    case 'loading':
      return cards.loading(words);
    case 'setup':
      return cards.setup(words, screen.missing);
    case 'welcome':
      return welcomeScreen(screen.asked, scene);
    case 'check':
      return checkScreen(screen.asking, scene);
    case 'connecting':
      return cards.connecting(words);
    case 'live':
      return liveScreen(screen, scene);
    case 'saving':
      return cards.saving(words, control.session?.delivery ?? null);
    case 'done':
      return doneScreen(screen.complete, scene);
    case 'trouble':
      return troubleScreen(screen, scene);
  }
}

function welcomeScreen(asked: boolean, scene: RoomScene): TemplateResult {
  const { words, heading, control, choices, actions } = scene;
  const { about } = control;
  if (about === null) return cards.loading(words);
  const { onContinue } = actions;
  return welcome({ words, about, heading, choices, asked: asked || choices.asked, onContinue });
}

function checkScreen(asking: boolean, scene: RoomScene): TemplateResult {
  const { words, theme, control, actions } = scene;
  return cards.check(words, control, {
    asking,
    resumable: control.about?.resumable ?? false,
    theme,
    onStart: actions.onStart,
    onBack: () => control.toWelcome(),
  });
}

function liveScreen(
  { cover }: Extract<Screen, { name: 'live' }>,
  scene: RoomScene,
): TemplateResult {
  const { words, theme, control, caption, captions, secondsLeft, ending, actions } = scene;
  const { session, about } = control;
  return live({
    words,
    theme,
    company: about?.tenant.name ?? '',
    spokenLang: about?.interview.language ?? '',
    state: session?.state ?? 'idle',
    turn: session?.turn ?? 'listening',
    muted: session?.muted ?? false,
    cover,
    levels: control.levels,
    progress: session?.progress ?? null,
    secondsLeft,
    lines: session?.lines ?? [],
    caption: caption.caption,
    asked: caption.asked,
    captions,
    saving: savingOf(session?.delivery.pending ?? 0, navigator.onLine && cover !== 'reconnecting'),
    ending,
    onMute: actions.onMute,
    onCaptions: actions.onCaptions,
    onEnd: actions.onEnd,
    onDone: () => void control.done(),
    onSound: () => void control.soundOn(),
  });
}

function doneScreen(complete: boolean, { words, control }: RoomScene): TemplateResult {
  const { about, clock, session } = control;
  const spokenS =
    about === null || clock === null ? null : about.interview.duration_s - clock.remainingS;
  return cards.done(words, about, { complete, progress: session?.progress ?? null, spokenS });
}

function troubleScreen(
  screen: Extract<Screen, { name: 'trouble' }>,
  { words, control, actions }: RoomScene,
): TemplateResult {
  const state = control.session?.state;
  // Before the server told what the link is about there is no first page to go back to.
  const early = control.about !== null && (state === 'idle' || state === 'ready');
  return cards.trouble(words, screen, {
    onRemedy: actions.onRemedy,
    onBack: early ? () => control.toWelcome() : null,
  });
}
