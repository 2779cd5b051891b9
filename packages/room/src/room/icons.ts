import { html, type TemplateResult } from 'lit';

const shapes = {
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3',
  muted:
    'M15 10V6a3 3 0 0 0-5.9-.8M9 9.5V11a3 3 0 0 0 4.4 2.7M5 11a7 7 0 0 0 11 5.7M19 11c0 1-.2 2-.6 2.9M12 18v3M4 4l16 16',
  captions:
    'M6 5h12a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V8a3 3 0 0 1 3-3ZM10 10.5a2 2 0 1 0 0 3M17 10.5a2 2 0 1 0 0 3',
  check: 'M5 12.5l4.5 4.5L19 7.5',
};

/** A drawing beside words; never the only name of a control. */
export function icon(name: keyof typeof shapes): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${shapes[name]}></path></svg>`;
}
