import { html, nothing, type TemplateResult } from 'lit';
import type { CardWords } from '../translations/en.ts';

/** One column: what it is about, and what can be done. `calm` shows that something is under way; `steady` stands
 * still when more comes below. */
export function card(
  { title, text }: CardWords,
  content: unknown = nothing,
  kind: 'calm' | 'two' | 'steady' | '' = '',
  part = 'card',
): TemplateResult {
  return html`<div class="card ${kind}" part=${part}>
    ${
      kind === 'calm'
        ? html`<div class="breath" aria-hidden="true"><i></i><i></i><i></i></div>`
        : nothing
    }
    <h2 tabindex="-1">${title}</h2>
    ${text && html`<p class="lead">${text}</p>`} ${content}
  </div>`;
}

/** The one main action of a screen. */
export function primaryButton(label: string, onClick: () => void): TemplateResult {
  return html`<button class="primary" part="primary-button" type="button" @click=${onClick}>
    ${label}
  </button>`;
}

/** Every other action. */
export function button(label: string, onClick: () => void): TemplateResult {
  return html`<button type="button" part="button" @click=${onClick}>${label}</button>`;
}

/** A name and what it stands for; `dir` where the words are not ours. */
export function fact(
  name: string,
  value: string | number,
  dir: 'auto' | typeof nothing = nothing,
): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd dir=${dir}>${value}</dd>
  </div>`;
}
