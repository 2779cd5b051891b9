import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { CaptionPace } from '../controllers/caption-pace.ts';
import type { SessionDoor } from '../controllers/session-controller.ts';
import { savingOf, type Cover } from '../view-model.ts';
import { button, card, primaryButton } from './card.ts';
import { icon } from './icons.ts';
import type { RoomScene } from './scene.ts';

export { styles } from './live.styles.ts';

/** Below this the stage says that the time runs short, seconds. */
const SHORT_S = 120;

/** What the room shows while the talk goes on. */
export interface LiveScene extends RoomScene {
  readonly session: SessionDoor;
  readonly cover: Cover;
}

/** With what the captions are at. */
interface PacedScene extends LiveScene {
  readonly caption: Pick<CaptionPace, 'caption' | 'asked'>;
}

/** BCP 47 tag of what is spoken. */
function spokenLang({ control }: LiveScene): string {
  return control.about?.interview.language ?? '';
}

/** The candidate is not heard, and it would be the candidate's turn. */
function isQuiet({ muted, turn }: SessionDoor): boolean {
  return muted && turn !== 'interviewer';
}

function said({ words, session }: LiveScene): string {
  if (session.state !== 'live') return words.waiting;
  return isQuiet(session) ? words.mutedNow : words.turn[session.turn];
}

/** The caption carries the very question: then it does not stand on the stage twice. */
function questionInCaption({ session, caption }: PacedScene): boolean {
  const text = session.progress?.text;
  return !!text && caption.caption.whole.includes(text);
}

/** Without a supervisor nobody knows how far the interview is. */
function question(scene: PacedScene): TemplateResult {
  const { words, session, captions, caption, clock } = scene;
  const { progress, turn } = session;
  const phase = progress?.phase ?? 'opening';
  const text = phase === 'candidate_qa' ? words.candidateQaText : progress?.text;
  const name =
    progress && phase === 'question' ? words.question(progress.question) : words.phases[phase];
  const spoken = captions && turn === 'interviewer' && questionInCaption(scene);
  const away = spoken || (phase === 'question' && !caption.asked);
  const { secondsLeft } = clock;
  return html`<div class="question" part="question">
    ${session.capabilities?.supervision === 'none' ? nothing : html`<h3>${name}</h3>`}
    ${
      text &&
      html`<p class="asked ${away ? 'away' : ''}" dir="auto" lang=${spokenLang(scene) || nothing}>
        ${text}
      </p>`
    }
    ${
      secondsLeft !== null && secondsLeft <= SHORT_S
        ? html`<p class="short">${words.timeShort}</p>`
        : nothing
    }
  </div>`;
}

function caption(scene: PacedScene): TemplateResult {
  const { ahead, said } = scene.caption.caption;
  return html`<p class="caption" part="caption" dir="auto" lang=${spokenLang(scene) || nothing}>
    ${
      scene.session.turn !== 'interviewer' && questionInCaption(scene)
        ? nothing
        : html`<span>${said}<span class="ahead">${ahead}</span></span>`
    }
  </p>`;
}

function stage(scene: PacedScene): TemplateResult {
  const { words, theme, control, session, cover, captions } = scene;
  return html`<section class="stage" part="stage" ?inert=${cover}>
    <h2 class="unseen" tabindex="-1">${words.liveTitle}</h2>
    ${question(scene)}
    <div class="presence" part="presence">
      <ai-interview-visualizer
        part="visualizer"
        theme=${theme}
        .levels=${control.levels}
        .turn=${session.turn}
        ?active=${!cover}
        ?quiet=${isQuiet(session)}
      ></ai-interview-visualizer>
      <p class="turn" part="turn">${said(scene)}</p>
    </div>
    ${captions ? caption(scene) : nothing}
  </section>`;
}

function overlay({ words, cover, control, actions }: LiveScene): TemplateResult {
  const sound = cover === 'sound';
  const said = sound ? words.trouble.playback_blocked : words.reconnecting;
  const act = sound
    ? primaryButton(words.soundOn, () => void control.soundOn())
    : button(words.endInstead, () => actions.onEnd('ask'));
  return html`<div class="cover" part="overlay" role="group" aria-label=${said.title}>
    ${card(
      said,
      html`${sound ? nothing : html`<p class="notice warn">${words.reconnectingNow}</p>`}
        <div class="row">${act}</div>`,
      '',
      '',
    )}
  </div>`;
}

function confirm({ words, actions }: LiveScene): TemplateResult {
  return html`<div class="bar confirm" part="controls" role="group" aria-label=${words.endAsk}>
    <p>${words.endAsk}</p>
    <div class="row">
      <button class="keep" type="button" part="button" @click=${() => actions.onEnd('keep')}>
        ${words.endKeep}
      </button>
      <button class="danger" type="button" part="end-button" @click=${() => actions.onEnd('end')}>
        ${words.end}
      </button>
    </div>
  </div>`;
}

function bar({ words, session, cover, captions, control, actions }: LiveScene): TemplateResult {
  const { muted, turn, delivery } = session;
  const saving = savingOf(delivery.pending, navigator.onLine && cover !== 'reconnecting');
  const saved = { saved: words.saved, saving: words.saving, here: words.savedHere };
  const idle = cover !== null || turn === 'interviewer' || turn === 'thinking';
  return html`<div class="bar" part="controls" role="group" aria-label=${words.controls}>
    <button
      class="fold ${muted ? 'on' : ''}"
      part="button mute-button"
      type="button"
      @click=${actions.onMute}
    >
      ${icon(muted ? 'muted' : 'microphone')}
      <span class="label">
        <span ?data-off=${muted}>${words.mute}</span
        ><span ?data-off=${!muted}>${words.unmute}</span>
      </span>
    </button>
    <button
      class="done"
      part="button done-button"
      type="button"
      aria-disabled=${idle}
      @click=${() => {
        if (!idle) void control.done();
      }}
    >
      ${icon('check')}<span>${words.done}<span class="unseen"> ${words.doneTail}</span></span>
    </button>
    <button
      class="fold only"
      part="button captions-button"
      type="button"
      aria-label=${words.captions}
      aria-pressed=${captions}
      @click=${actions.onCaptions}
    >
      ${icon('captions')}
    </button>
    <span class="saved ${saving}" part="saved">${saved[saving]}</span>
    <button class="danger end" part="end-button" type="button" @click=${() => actions.onEnd('ask')}>
      <span class="wide">${words.end}</span><span class="narrow">${words.endShort}</span>
    </button>
  </div>`;
}

/** The talk: who speaks, what was asked, what was said, and few controls. */
function talk(scene: PacedScene): TemplateResult {
  const { words, wording, theme, control, session, cover, ending } = scene;
  return html`<div class="talk" part="live">
      ${stage(scene)} ${cover && overlay(scene)}
      <section class="side" part="transcript" aria-labelledby="transcript-title">
        <h2 id="transcript-title">
          ${words.transcript}<span
            >${words.transcriptPrivate(control.about?.tenant.name ?? '')}</span
          >
        </h2>
        <ai-interview-transcript
          theme=${theme}
          .words=${wording}
          spoken-lang=${spokenLang(scene)}
          .lines=${session.lines}
        ></ai-interview-transcript>
      </section>
    </div>
    ${ending ? confirm(scene) : bar(scene)}`;
}

/** Draws the talk of one room, and keeps the pace of its captions. */
export function live(host: ReactiveControllerHost): (scene: LiveScene) => TemplateResult {
  const pace = new CaptionPace(host);
  return (scene) => {
    const { lines, turn, progress } = scene.session;
    pace.follow(lines, turn, progress?.text ?? '');
    return talk({ ...scene, caption: pace });
  };
}
