import { html, nothing, type TemplateResult } from 'lit';
import { spokenLang, type TalkScene } from './talk-scene.ts';

/** Below this the stage says that the time runs short, seconds. */
const SHORT_S = 120;
/** A connection that is rated so or worse, of 5, is spoken of. */
const WEAK = 2;

/** The candidate is not heard, and it would be the candidate's turn. */
function isQuiet({ session: { muted, turn } }: TalkScene): boolean {
  return muted && turn !== 'interviewer';
}

function said(scene: TalkScene): string {
  const { words, session, talk, thinking } = scene;
  const { turn } = session;
  if (session.state !== 'live') return words.waiting;
  const candidates = turn === 'listening' || turn === 'candidate';
  if (talk.typed) return candidates ? words.yourTurn : words.turnTyped[turn];
  if (talk.writing && candidates) return words.writingNow;
  if (isQuiet(scene)) return words.mutedNow;
  return thinking ? words.takeYourTime : words.turn[turn];
}

/** The caption carries the very question: then it does not stand on the stage twice. */
function questionInCaption({ session, caption }: TalkScene): boolean {
  const text = session.progress?.text;
  return !!text && caption.caption.whole.includes(text);
}

/** One calm sentence at a time: of the time, of the microphone, of the line. */
function hint({ words, control, clock, session, talk }: TalkScene): string | null {
  const { secondsLeft } = clock;
  if (secondsLeft === 0) return words.timeUp;
  if (secondsLeft !== null && secondsLeft <= SHORT_S) return words.timeShort;
  const { rating = 5, warnings = [] } = control.quality ?? {};
  if (warnings.includes('no_voice') && !session.muted && !talk.writing) return words.noVoice;
  return rating <= WEAK ? words.weak : null;
}

/** Without a supervisor nobody knows how far the interview is. */
function question(scene: TalkScene): TemplateResult {
  const { words, session, captions, caption, talk } = scene;
  const { progress, turn } = session;
  const phase = progress?.phase ?? 'opening';
  const text = phase === 'candidate_qa' ? words.candidateQaText : progress?.text;
  const counted = progress && phase === 'question' ? progress : null;
  const last = counted !== null && counted.of > 1 && counted.question === counted.of;
  const name = counted
    ? (last ? words.lastQuestion : words.question)(counted.question)
    : words.phases[phase];
  const spoken = captions && turn === 'interviewer' && questionInCaption(scene);
  const away = spoken || (phase === 'question' && !caption.asked);
  const said = hint(scene);
  return html`<div class="question" part="question">
    ${talk.able.supervision === 'none' ? nothing : html`<h3>${name}</h3>`}
    ${
      text &&
      html`<p class="asked ${away ? 'away' : ''}" dir="auto" lang=${spokenLang(scene) || nothing}>
        ${text}
      </p>`
    }
    ${said === null ? nothing : html`<p class="short">${said}</p>`}
  </div>`;
}

/** In a talk that is held in writing: what the interviewer wrote last, whole. */
function written(scene: TalkScene): TemplateResult {
  const last = scene.session.lines.findLast(({ role }) => role === 'interviewer');
  return html`<p class="caption" part="caption" dir="auto" lang=${spokenLang(scene) || nothing}>
    ${last?.text}
  </p>`;
}

function caption(scene: TalkScene): TemplateResult {
  const { session, talk } = scene;
  if (talk.typed) return written(scene);
  const { ahead, said } = scene.caption.caption;
  return html`<p class="caption" part="caption" dir="auto" lang=${spokenLang(scene) || nothing}>
    ${
      session.turn !== 'interviewer' && questionInCaption(scene)
        ? nothing
        : html`<span>${said}<span class="ahead">${ahead}</span></span>`
    }
  </p>`;
}

/** Who speaks, what was asked, and what is being said. Focus can rest on it, so that the keys of the talk are heard. */
export function stage(scene: TalkScene): TemplateResult {
  const { words, theme, control, session, cover, captions, talk } = scene;
  const ring = html`<ai-interview-visualizer
    part="visualizer"
    exportparts="ring"
    theme=${theme}
    .levels=${control.levels}
    .turn=${session.turn}
    ?active=${!cover}
    ?quiet=${isQuiet(scene)}
  ></ai-interview-visualizer>`;
  return html`<section
    class="stage ${talk.typed ? 'typed' : ''} size-${talk.preferences.captionSize}"
    part="stage"
    tabindex="-1"
    ?inert=${cover}
  >
    <h2 class="unseen" tabindex="-1">${words.liveTitle}</h2>
    ${question(scene)}
    <div class="presence" part="presence">
      ${talk.typed ? nothing : ring}
      <p class="turn" part="turn">${said(scene)}</p>
    </div>
    ${captions || talk.typed ? caption(scene) : nothing}
  </section>`;
}
