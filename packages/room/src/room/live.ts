import { html, type LitElement, type TemplateResult } from 'lit';
import { CaptionPace } from '../controllers/caption-pace.ts';
import { Keys, type KeyActions } from '../controllers/keys.ts';
import { Silence } from '../controllers/silence.ts';
import { coverOf } from './covers.ts';
import { talkOf } from './live-meta.ts';
import { stage } from './stage.ts';
import { spokenLang, type LiveScene, type TalkScene } from './talk-scene.ts';

export { liveMeta } from './live-meta.ts';
export { styles } from './live.styles.ts';

/** Reads the interviewer's last words to a screen reader, on demand. */
function read(scene: TalkScene): void {
  const { words, session, announcer } = scene;
  const last = session.lines.findLast(({ role, text }) => role === 'interviewer' && text !== '');
  if (last) announcer.say(`${words.interviewer}: ${last.text}`, spokenLang(scene));
  else announcer.say(words.transcriptEmpty);
}

/** What the keys do now; nothing while the talk waits or is asked about. */
function keysOf(scene: TalkScene): KeyActions | null {
  const { session, cover, ending, talk, actions } = scene;
  if (ending || (cover !== null && cover !== 'reconnecting') || session.state === 'ending') {
    return null;
  }
  const nothing = (): void => undefined;
  return {
    mute: talk.writing ? nothing : actions.onMute,
    talk: talk.writing ? nothing : (held) => talk.press(held),
    read: () => read(scene),
  };
}

/** The talk: who speaks, what was asked, what was said, and few controls. */
function room(scene: TalkScene): TemplateResult {
  const { words, wording, theme, control, session, cover, talk, politeness } = scene;
  const { transcript } = talk.preferences;
  // Whoever hears the interviewer is not read the same words at the same time.
  const heard = !talk.typed && cover !== 'sound';
  return html`<div class="talk ${transcript ? '' : 'alone'}" part="live">
      ${stage(scene)} ${coverOf(scene)}
      <section
        class="side"
        part="transcript"
        aria-labelledby="transcript-title"
        ?hidden=${!transcript}
      >
        <h2 id="transcript-title">
          ${words.transcript}<span
            >${words.transcriptPrivate(control.about?.tenant.name ?? '')}</span
          >
        </h2>
        <ai-interview-transcript
          exportparts="log, latest"
          theme=${theme}
          politeness=${heard ? 'off' : politeness}
          .words=${wording}
          spoken-lang=${spokenLang(scene)}
          .lines=${session.lines}
          .corrections=${control.corrections}
        ></ai-interview-transcript>
      </section>
    </div>
    ${scene.late.part('bar')?.talkBar(scene)}`;
}

/** Draws the talk of one room, and keeps the pace of its captions. */
export function live(host: LitElement): (scene: LiveScene) => TemplateResult {
  const pace = new CaptionPace(host);
  const silence = new Silence(host);
  const keys = new Keys(host);
  return (given) => {
    const { session, control, late } = given;
    const { lines, turn, progress, muted, state } = session;
    const talk = late.kept(talkOf);
    const cover: TalkScene['cover'] = given.cover ?? (state === 'paused' ? 'paused' : null);
    talk.follow(control, session, cover !== null);
    pace.follow(lines, turn, progress?.text ?? '');
    silence.follow(
      turn,
      state !== 'live' || cover !== null || muted || talk.writing,
      control.levels,
    );
    const scene: TalkScene = { ...given, cover, talk, caption: pace, thinking: silence.long };
    keys.follow(keysOf(scene));
    return room(scene);
  };
}
