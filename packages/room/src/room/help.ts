import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { help } from '../translations/en/help.ts';
import { steps as englishSteps } from '../translations/en/steps.ts';
import type { Screen } from '../view-model.ts';
import { button } from './card.ts';
import { placeOf, remedyNameOf, type RemedyName } from './remedies.ts';
import type { RoomScene } from './scene.ts';

export { asks } from './ask.ts';
export { unfinished } from './unfinished.ts';
export { styles } from './help.styles.ts';
export const english = { ...help, steps: englishSteps };

type Trouble = Extract<Screen, { name: 'trouble' }>;

/** For these another browser or device is the way. */
const elsewhere: readonly (RemedyName | null)[] = [
  'framed',
  'inAppAndroid',
  'inAppIos',
  'insecure',
  'missing',
];

/** True where the page around this frame keeps the microphone from it; browsers that do not tell are believed. */
function withheld(): boolean {
  if (window.top === window) return false;
  const { featurePolicy } = document as {
    featurePolicy?: { allowsFeature(name: string): boolean };
  };
  return featurePolicy?.allowsFeature('microphone') === false;
}

function remedyName({ code }: Trouble, { control }: RoomScene): RemedyName | null {
  const error = control.error ?? control.session?.error;
  const { cause } = error ?? {};
  const failure = {
    code,
    cause: cause instanceof Error ? cause.message : '',
    withheld: withheld(),
  };
  return remedyNameOf(failure, placeOf(navigator.userAgent, navigator.maxTouchPoints));
}

/** What helps in this very browser, step by step; null where the general words are all there is. */
export function steps(screen: Trouble, scene: RoomScene): TemplateResult | null {
  const name = remedyName(screen, scene);
  if (name === null) return null;
  const { app } = placeOf(navigator.userAgent, navigator.maxTouchPoints);
  return html`<ol class="steps" part="steps">
    ${scene.words.steps[name](app)
      .split('\n')
      .map((step) => html`<li>${step}</li>`)}
  </ol>`;
}

/** Copies the candidate's whole link, which is in the address bar no more, or shows it where nothing may be copied. */
class LinkCopy {
  readonly #host: LitElement;
  state: 'ready' | 'copied' | 'shown' = 'ready';

  constructor(host: LitElement) {
    this.#host = host;
  }

  async copy(address: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(address);
      this.state = 'copied';
    } catch {
      this.state = 'shown';
    }
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLInputElement>('.address')?.select();
  }
}

function copying(copy: LinkCopy, { words, link }: RoomScene): TemplateResult {
  return html`${button(words.copyLink, () => void copy.copy(link.address))}
    <div class="copied">
      <p class="small" role="status" id="copied">
        ${copy.state === 'ready' ? nothing : copy.state === 'copied' ? words.linkCopied : words.linkToCopy}
      </p>
      ${
        copy.state === 'shown'
          ? html`<input
              class="address"
              readonly
              dir="ltr"
              aria-labelledby="copied"
              .value=${link.address}
            />`
          : nothing
      }
    </div>`;
}

function toSecurePage({ link }: RoomScene): void {
  location.assign(link.address.replace(/^http:/, 'https:'));
}

/** Ways out of trouble beside trying again. */
export function waysOut(host: LitElement): (screen: Trouble, scene: RoomScene) => unknown {
  const copy = new LinkCopy(host);
  return (screen, scene) => {
    const { words, control, actions } = scene;
    const name = remedyName(screen, scene);
    const types =
      screen.code.startsWith('microphone_') && control.about?.modes.includes('text') === true;
    return [
      types ? button(words.typeInstead, actions.onType) : nothing,
      name === 'insecure' && location.protocol === 'http:'
        ? button(words.openSecurely, () => toSecurePage(scene))
        : nothing,
      elsewhere.includes(name) ? copying(copy, scene) : nothing,
    ];
  };
}
