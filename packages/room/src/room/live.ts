import { html, nothing, type TemplateResult } from 'lit';
import type { InterviewState, Levels, Progress, TranscriptLine, Turn } from '@interview/rtc';
import type { Caption } from '../captions.ts';
import type { Translation } from '../translations/en.ts';
import type { Cover, Saving } from '../view-model.ts';
import { icon } from './icons.ts';

/** Below this the stage says that the time runs short, seconds. */
const SHORT_S = 120;

/** What the room shows while the talk goes on. */
export interface LiveProps {
  readonly words: Translation;
  readonly theme: string;
  readonly company: string;
  /** BCP 47 tag of what is spoken. */
  readonly spokenLang: string;
  readonly state: InterviewState;
  readonly turn: Turn;
  readonly muted: boolean;
  readonly cover: Cover;
  readonly levels: (() => Levels) | null;
  readonly progress: Progress | null;
  readonly secondsLeft: number | null;
  readonly lines: readonly TranscriptLine[];
  readonly caption: Caption;
  /** The question was spoken already; before that it is not shown. */
  readonly asked: boolean;
  readonly captions: boolean;
  readonly saving: Saving;
  /** The candidate pressed End and is asked once more. */
  readonly ending: boolean;
  readonly onMute: () => void;
  readonly onDone: () => void;
  readonly onCaptions: () => void;
  readonly onEnd: (step: 'ask' | 'keep' | 'end') => void;
  readonly onSound: () => void;
}

function said({ words, state, muted, turn }: LiveProps): string {
  if (state === 'reconnecting' || state === 'paused') return words.waiting;
  return muted && turn !== 'interviewer' ? words.mutedNow : words.turn[turn];
}

/** The caption carries the very question: then it does not stand on the stage twice. */
function questionInCaption({ progress, caption }: LiveProps): boolean {
  const text = progress?.text ?? '';
  return text !== '' && caption.whole.includes(text);
}

function question(props: LiveProps): TemplateResult {
  const { words, progress, spokenLang, secondsLeft, turn, captions, asked } = props;
  const text =
    progress?.phase === 'candidate_qa' ? words.candidateQaText : (progress?.text ?? null);
  const name =
    progress === null || progress.phase !== 'question'
      ? words.phases[progress?.phase ?? 'opening']
      : words.question(progress.question);
  const spoken = captions && turn === 'interviewer' && questionInCaption(props);
  const away = spoken || (progress?.phase === 'question' && !asked);
  const short = secondsLeft !== null && secondsLeft <= SHORT_S;
  return html`<div class="question" part="question">
    <h3>${name}</h3>
    ${
      text === null
        ? nothing
        : html`<p class=${away ? 'asked away' : 'asked'} dir="auto" lang=${spokenLang || nothing}>
            ${text}
          </p>`
    }
    ${short ? html`<p class="short">${words.timeShort}</p>` : nothing}
  </div>`;
}

function stage(props: LiveProps): TemplateResult {
  const { words, theme, turn, muted, cover, levels, caption, captions, spokenLang } = props;
  return html`<section class="stage" part="stage" ?inert=${cover !== null}>
    <h2 class="unseen" tabindex="-1">${words.liveTitle}</h2>
    ${question(props)}
    <div class="presence" part="presence">
      <ai-interview-visualizer
        part="visualizer"
        theme=${theme}
        .levels=${levels}
        .turn=${turn}
        ?active=${cover === null}
        ?quiet=${muted && turn !== 'interviewer'}
      ></ai-interview-visualizer>
      <p class="turn" part="turn">${said(props)}</p>
    </div>
    ${
      captions
        ? html`<p class="caption" part="caption" dir="auto" lang=${spokenLang || nothing}>
            ${
              turn !== 'interviewer' && questionInCaption(props)
                ? nothing
                : html`<span>${caption.said}<span class="ahead">${caption.ahead}</span></span>`
            }
          </p>`
        : nothing
    }
  </section>`;
}

function cover({ words, cover: kind, onSound, onEnd }: LiveProps): TemplateResult {
  const sound = words.trouble.playback_blocked;
  return html`<div class="cover" part="overlay" role="group" aria-labelledby="cover-title">
    <div class="card">
      <h2 id="cover-title" tabindex="-1">
        ${kind === 'sound' ? sound.title : words.reconnectingTitle}
      </h2>
      <p class="lead">${kind === 'sound' ? sound.text : words.reconnectingLead}</p>
      ${
        kind === 'sound'
          ? html`<div class="row">
              <button class="primary" part="primary-button" type="button" @click=${onSound}>
                ${words.soundOn}
              </button>
            </div>`
          : html`<p class="notice warn">${words.reconnectingNow}</p>
              <div class="row">
                <button type="button" part="button" @click=${() => onEnd('ask')}>
                  ${words.endInstead}
                </button>
              </div>`
      }
    </div>
  </div>`;
}

function confirm({ words, onEnd }: LiveProps): TemplateResult {
  return html`<div class="bar confirm" part="controls" role="group" aria-labelledby="end-ask">
    <p id="end-ask">${words.endAsk}</p>
    <div class="row">
      <button class="keep" type="button" part="button" @click=${() => onEnd('keep')}>
        ${words.endKeep}
      </button>
      <button class="danger" type="button" part="end-button" @click=${() => onEnd('end')}>
        ${words.end}
      </button>
    </div>
  </div>`;
}

function bar(props: LiveProps): TemplateResult {
  const { words, muted, captions, turn, saving, cover: covered } = props;
  if (props.ending) return confirm(props);
  const saved = { saved: words.saved, saving: words.saving, here: words.savedHere };
  const idle = covered !== null || turn === 'interviewer' || turn === 'thinking';
  return html`<div class="bar" part="controls" role="group" aria-label=${words.controls}>
    <button
      class="fold ${muted ? 'on' : ''}"
      part="button mute-button"
      type="button"
      @click=${props.onMute}
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
      aria-disabled=${idle ? 'true' : 'false'}
      @click=${() => {
        if (!idle) props.onDone();
      }}
    >
      ${icon('check')}<span>${words.done}<span class="unseen"> ${words.doneTail}</span></span>
    </button>
    <button
      class="fold only"
      part="button captions-button"
      type="button"
      aria-label=${words.captions}
      aria-pressed=${captions ? 'true' : 'false'}
      @click=${props.onCaptions}
    >
      ${icon('captions')}
    </button>
    <span class="saved ${saving}" part="saved">${saved[saving]}</span>
    <button class="danger end" part="end-button" type="button" @click=${() => props.onEnd('ask')}>
      <span class="wide">${words.end}</span><span class="narrow">${words.endShort}</span>
    </button>
  </div>`;
}

/** The talk: who speaks, what was asked, what was said, and few controls. */
export function live(props: LiveProps): TemplateResult {
  const { words, theme, company, spokenLang, lines } = props;
  return html`<div class="talk" part="live">
      ${stage(props)} ${props.cover === null ? nothing : cover(props)}
      <section class="side" part="transcript" aria-labelledby="transcript-title">
        <h2 id="transcript-title">
          ${words.transcript}<span>${words.transcriptPrivate(company)}</span>
        </h2>
        <ai-interview-transcript
          theme=${theme}
          spoken-lang=${spokenLang}
          .lines=${lines}
        ></ai-interview-transcript>
      </section>
    </div>
    ${bar(props)}`;
}
