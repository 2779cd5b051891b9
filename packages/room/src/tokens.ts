import { css, unsafeCSS, type CSSResult } from 'lit';

interface Palette {
  bg: string;
  surface: string;
  sunken: string;
  text: string;
  muted: string;
  line: string;
  accent: string;
  'on-accent': string;
  danger: string;
  warn: string;
  ok: string;
  'danger-soft': string;
  'warn-soft': string;
  shadow: string;
}

const light: Palette = {
  bg: 'oklch(98.4% .004 85)',
  surface: 'oklch(100% 0 0)',
  sunken: 'oklch(97% .005 85)',
  text: 'oklch(24% .012 260)',
  muted: 'oklch(48% .014 260)',
  line: 'oklch(90.5% .006 85)',
  accent: 'oklch(49% .115 195)',
  'on-accent': 'oklch(99% 0 0)',
  danger: 'oklch(51% .17 27)',
  warn: 'oklch(57% .12 65)',
  ok: 'oklch(52% .11 155)',
  'danger-soft': 'oklch(95.5% .02 27)',
  'warn-soft': 'oklch(96% .035 85)',
  shadow: '0 1px 2px oklch(0% 0 0 / .05), 0 12px 32px -12px oklch(0% 0 0 / .14)',
};

const dark: Palette = {
  bg: 'oklch(19% .008 260)',
  surface: 'oklch(23% .009 260)',
  sunken: 'oklch(20.5% .009 260)',
  text: 'oklch(94% .005 85)',
  muted: 'oklch(73% .012 260)',
  line: 'oklch(33% .01 260)',
  accent: 'oklch(76% .105 190)',
  'on-accent': 'oklch(18% .02 195)',
  danger: 'oklch(74% .13 25)',
  warn: 'oklch(80% .11 80)',
  ok: 'oklch(77% .11 155)',
  'danger-soft': 'oklch(30% .05 25)',
  'warn-soft': 'oklch(31% .04 75)',
  shadow: '0 1px 2px oklch(0% 0 0 / .4), 0 16px 40px -16px oklch(0% 0 0 / .6)',
};

function declarations(palette: Palette): CSSResult {
  return unsafeCSS(
    Object.entries(palette)
      .map(([name, value]) => `--_${name}: var(--ai-interview-${name}, ${value});`)
      .join(' '),
  );
}

/**
 * What makes an integrator's accent readable wherever it is used. `fill` keeps 3:1 on the surface and stays clear of
 * the middle greys on which neither black nor white text reaches 4.5:1; `ink` is the accent as text, `soft` as a ground for text.
 */
function accents(fill: string, ink: string, soft: string): CSSResult {
  const nudged = 'calc(l + clamp(-1, (l - .57) * 1000, 1) * max(0, .045 - max(l - .57, .57 - l)))';
  return unsafeCSS(`
    --_accent-raw: var(--ai-interview-accent, var(--_accent-default));
    --_accent-safe: oklch(from var(--_accent-raw) ${fill} c h);
    --_accent: oklch(from var(--_accent-safe) ${nudged} c h);
    --_on-accent: var(--ai-interview-on-accent,
      oklch(from var(--_accent) calc(.14 + .85 * clamp(0, (.57 - l) * 1000, 1)) min(c, .02) h));
    --_accent-ink: oklch(from var(--_accent-raw) ${ink} c h);
    --_accent-soft: var(--ai-interview-accent-soft, oklch(from var(--_accent-raw) ${soft} h));`);
}

/**
 * Design tokens. `--ai-interview-*` is what integrators set; `--_*` is what our own styles read.
 * The theme follows the `theme` attribute, else the reader's system.
 */
export const tokens = css`
  :host {
    ${declarations(light)}
    --_accent-default: ${unsafeCSS(light.accent)};
    --_accent-ink: var(--_accent);
    --_accent-soft: var(
      --ai-interview-accent-soft,
      color-mix(in oklab, var(--_accent) 11%, var(--_surface))
    );
    --_font: var(
      --ai-interview-font,
      system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Noto Sans',
      sans-serif
    );
    --_radius: var(--ai-interview-radius, 14px);
    --_radius-s: var(--ai-interview-radius-s, 9px);
    --_t-xs: 0.8125rem;
    --_t-s: 0.9375rem;
    --_t-m: 1.0625rem;
    --_t-l: calc(1.3125rem * var(--ai-interview-caption-scale, 1));
    --_t-xl: 1.75rem;
    --_focus: color-mix(in oklab, var(--_accent) 75%, var(--_text));
    color-scheme: light;
    font: 400 var(--_t-s) / 1.55 var(--_font);
    color: var(--_text);
  }

  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) {
      ${declarations(dark)}
      --_accent-default: ${unsafeCSS(dark.accent)};
      color-scheme: dark;
    }
  }

  :host([theme='dark']) {
    ${declarations(dark)}
    --_accent-default: ${unsafeCSS(dark.accent)};
    color-scheme: dark;
  }

  @supports (color: oklch(from red l c h)) {
    :host {
      ${accents('min(l, .655)', 'min(l, .52)', '.945 calc(c * .27)')}
    }
    @media (prefers-color-scheme: dark) {
      :host(:not([theme='light'])) {
        ${accents('max(l, .6)', 'max(l, .72)', '.31 calc(c * .4)')}
      }
    }
    :host([theme='dark']) {
      ${accents('max(l, .6)', 'max(l, .72)', '.31 calc(c * .4)')}
    }
  }
`;

/** Shared by every element: box model, focus, and text that only a screen reader meets. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none;
  }
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  fieldset {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  fieldset {
    border: 0;
    min-inline-size: 0;
  }
  svg {
    display: block;
  }
  :focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Buttons and fields look the same wherever they stand. */
export const controls = css`
  button {
    font: inherit;
    font-weight: 550;
    line-height: 1.25;
    color: inherit;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: 99px;
    min-block-size: 44px;
    min-inline-size: 44px;
    padding: 8px 16px;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    cursor: pointer;
    touch-action: manipulation;
    transition:
      background-color 150ms ease-out,
      border-color 150ms ease-out,
      box-shadow 150ms ease-out;
  }
  button:hover {
    background: color-mix(in oklab, var(--_text) 5%, var(--_surface));
  }
  button.primary {
    background: var(--_accent);
    border-color: transparent;
    color: var(--_on-accent);
    padding-inline: 24px;
  }
  button.primary:hover {
    background: var(--_accent);
    box-shadow: 0 0 0 4px color-mix(in oklab, var(--_accent) 22%, transparent);
  }
  button.danger {
    color: var(--_danger);
    border-color: color-mix(in oklab, var(--_danger) 40%, var(--_surface));
  }
  button.danger:hover {
    background: var(--_danger-soft);
  }
  button svg {
    inline-size: 18px;
    block-size: 18px;
    flex: none;
    stroke: currentcolor;
    fill: none;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  a {
    color: var(--_accent-ink);
    text-underline-offset: 3px;
  }
  @media (prefers-reduced-motion: reduce) {
    button {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    button.primary {
      border-color: ButtonText;
    }
  }
`;
