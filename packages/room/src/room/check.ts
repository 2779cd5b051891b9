import { html, type LitElement, type TemplateResult } from 'lit';
import { Pulse } from '../controllers/pulse.ts';
import type { SessionDoor } from '../controllers/session-controller.ts';
import type { MicrophoneChosenEvent, SpeakerChosenEvent } from '../device-check/device-check.ts';
import { check as english } from '../translations/en/check.ts';
import { button, card, primaryButton } from './card.ts';
import { networkOf, type NetworkVerdict } from './network.ts';
import { practice, Rehearsal } from './practice.ts';
import type { RoomScene } from './scene.ts';

export { english };
export { styles } from './check.styles.ts';

/** So long the screen stands before the way is looked at, milliseconds: whoever goes on at once is not held up. */
const SETTLE_MS = 300;
/** From one look to the next while there is no way, milliseconds. */
const AGAIN_MS = 10_000;

/** Looks at the way to the server, and again while there is none. Tells only; it never keeps anybody from starting. */
class Network {
  readonly #host: LitElement;
  #session: SessionDoor | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #offline = false;
  verdict: NetworkVerdict = 'asking';

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** Call with each rendering. */
  look(session: SessionDoor | null): void {
    const offline = !navigator.onLine;
    if (offline) this.verdict = 'away';
    if (session !== this.#session) this.verdict = 'asking';
    if (session !== this.#session || (this.#offline && !offline)) this.#later(SETTLE_MS);
    this.#session = session;
    this.#offline = offline;
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    const session = this.#session;
    if (session?.state !== 'ready') return;
    const began = performance.now();
    const took = await session.look().then(
      () => performance.now() - began,
      () => null,
    );
    if (session !== this.#session) return;
    this.verdict = networkOf(navigator.onLine, took);
    if (this.verdict === 'away') this.#later(AGAIN_MS);
    this.#host.requestUpdate();
  }
}

function devices({ wording, theme, control }: RoomScene): TemplateResult {
  const { devices: list, levels } = control;
  return html`<ai-interview-device-check
    part="device-check"
    exportparts="meter, notice, sound-button"
    theme=${theme}
    .words=${wording}
    .levels=${levels}
    .microphones=${list?.microphones ?? []}
    .microphoneId=${list?.microphoneId ?? null}
    .speakers=${list?.speakers ?? []}
    .speakerId=${list?.speakerId ?? null}
    .playSound=${() => control.ask((session) => session.testSpeaker())}
    @microphone-chosen=${({ deviceId }: MicrophoneChosenEvent) =>
      void control.chooseMicrophone(deviceId)}
    @speaker-chosen=${({ deviceId }: SpeakerChosenEvent) =>
      void control.ask((session) => session.setSpeaker(deviceId))}
  ></ai-interview-device-check>`;
}

/** The microphone hears and sound comes out; others can be chosen; whoever likes can warm up. */
export function check(host: LitElement): (scene: RoomScene) => TemplateResult {
  const network = new Network(host);
  const rehearsal = new Rehearsal(host);
  return (scene) => {
    const { words, control, actions } = scene;
    network.look(control.session);
    const leave = (act: () => void) => () => {
      rehearsal.cancel();
      rehearsal.open = false;
      act();
    };
    return card(
      words.check,
      html`${devices(scene)}
        <p class="network ${network.verdict}" part="network" role="status">
          ${words.network[network.verdict]}
        </p>
        ${practice(rehearsal, scene)}
        <div class="row">
          ${primaryButton(
            control.about?.resumable ? words.goOn : words.startInterview,
            leave(actions.onStart),
          )}
          ${button(
            words.back,
            leave(() => control.toWelcome()),
          )}
        </div>`,
      'steady',
    );
  };
}

/** So long a number of the countdown stands, milliseconds. */
const BEAT_MS = 700;
const FROM = 3;
/** A timer may come so much too early, milliseconds. */
const EARLY_MS = 50;

/** Three, two, one while the call is made. It holds nothing up: whoever is connected at two goes on at two. */
export function connecting(host: LitElement): (scene: RoomScene) => TemplateResult {
  let session: SessionDoor | null = null;
  let began = 0;
  const pulse = new Pulse(() => host.requestUpdate(), BEAT_MS);
  host.addController({
    hostUpdated: () => {
      if (session?.state === 'connecting') return;
      pulse.run(false);
      session = null;
    },
    hostDisconnected: () => pulse.run(false),
  });
  return ({ words, control }) => {
    if (session === null) began = performance.now();
    session = control.session;
    const left = FROM - Math.floor((performance.now() - began + EARLY_MS) / BEAT_MS);
    pulse.run(left > 0);
    const { title, text } = words.connecting;
    // One template for both, so that the heading keeps the focus.
    return html`<div class="card calm" part="card">
      <div class="pace" aria-hidden="true">
        ${
          left > 0
            ? html`<b class="count">${left}</b>`
            : html`<div class="breath"><i></i><i></i><i></i></div>`
        }
      </div>
      <h2 tabindex="-1">${title}</h2>
      <p class="lead">${text}</p>
    </div>`;
  };
}
