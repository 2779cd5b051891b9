import { html, nothing, type TemplateResult } from 'lit';
import { talkIcon } from './talk-icons.ts';
import { spokenLang, type TalkScene } from './talk-scene.ts';

/** Most characters of one message; the protocol's own limit. */
const LONGEST = 8000;

/** An answer in writing: Enter sends, Shift and Enter begins a new line. */
export function textAnswer(scene: TalkScene): TemplateResult {
  const { words, talk, cover, redraw } = scene;
  const idle = cover !== null || talk.sending || talk.draft.trim() === '';
  const send = (): void => {
    if (!idle) void talk.send();
  };
  return html`<form
    class="writing"
    part="text-answer"
    @submit=${(event: Event) => {
      event.preventDefault();
      send();
    }}
  >
    <textarea
      class="answer"
      part="answer"
      rows="1"
      maxlength=${LONGEST}
      dir="auto"
      lang=${spokenLang(scene) || nothing}
      aria-label=${words.answer}
      aria-describedby="answer-hint"
      placeholder=${words.answer}
      enterkeyhint="send"
      .value=${talk.draft}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLTextAreaElement) talk.draft = event.target.value;
        redraw();
      }}
      @keydown=${(event: KeyboardEvent) => {
        // While a word is being put together, Enter accepts it.
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        send();
      }}
    ></textarea>
    <button class="send" part="button send-button" type="submit" aria-disabled=${idle}>
      ${talkIcon('send')}<span class="unseen">${words.send}</span>
    </button>
    <p id="answer-hint" class="small ${talk.unsent ? 'unsent' : ''}" role="status">
      ${talk.unsent ? words.unsent : words.answerHint}
    </p>
  </form>`;
}
