import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const shapes: Record<'microphone' | 'muted' | 'captions' | 'check', SVGTemplateResult> = {
  microphone: svg`<path d="M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3Z" /><path d="M5 11a7 7 0 0 0 14 0M12 18v3" />`,
  muted: svg`<path d="M15 10V6a3 3 0 0 0-5.9-.8M9 9.5V11a3 3 0 0 0 4.4 2.7" /><path d="M5 11a7 7 0 0 0 11 5.7M19 11c0 1-.2 2-.6 2.9M12 18v3M4 4l16 16" />`,
  captions: svg`<rect x="3" y="5" width="18" height="14" rx="3" /><path d="M10 10.5a2 2 0 1 0 0 3M17 10.5a2 2 0 1 0 0 3" />`,
  check: svg`<path d="M5 12.5l4.5 4.5L19 7.5" />`,
};

/** A drawing beside words; never the only name of a control. */
export function icon(name: keyof typeof shapes): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">${shapes[name]}</svg>`;
}
