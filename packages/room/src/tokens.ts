import { css, unsafeCSS, type CSSResult } from 'lit';

const light = {
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

const dark: typeof light = {
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

/** Between which lightness an accent is readable: as a fill, as text; and how a soft ground is made of it. */
const lightBounds =
  '--_fill: 0; --_fill-to: .655; --_ink: 0; --_ink-to: .52; --_soft: .945; --_soft-c: .27;';
const darkBounds =
  '--_fill: .6; --_fill-to: 1; --_ink: .72; --_ink-to: 1; --_soft: .31; --_soft-c: .4;';

function theme(scheme: string, palette: typeof light, bounds: string): CSSResult {
  const colors = Object.entries(palette).map(
    ([name, value]) => `--_${name}: var(--ai-interview-${name}, ${value});`,
  );
  return unsafeCSS(`color-scheme: ${scheme}; ${bounds} ${colors.join(' ')}`);
}

/**
 * Design tokens. `--ai-interview-*` is what integrators set; `--_*` is what our own styles read. The theme follows the
 * `theme` attribute, else the reader's system.
 *
 * Any accent stays readable: `--_accent-fill` keeps 3:1 on the surface and clear of the middle greys on which neither black
 * nor white text reaches 4.5:1; `--_on-fill` is the better of the two on it; `--_accent-ink` is the accent as text.
 */
export const tokens = css`
  :host {
    ${theme('light', light, lightBounds)}
    --_accent-fill: var(--_accent);
    --_on-fill: var(--_on-accent);
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
    --_focus: color-mix(in oklab, var(--_accent-fill) 75%, var(--_text));
    font: 400 var(--_t-s) / 1.55 var(--_font);
    color: var(--_text);
  }

  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) {
      ${theme('dark', dark, darkBounds)}
    }
  }

  :host([theme='dark']) {
    ${theme('dark', dark, darkBounds)}
  }

  @supports (color: oklch(from red l c h)) {
    :host {
      --_safe: oklch(from var(--_accent) clamp(var(--_fill), l, var(--_fill-to)) c h);
      --_accent-fill: oklch(
        from var(--_safe)
          calc(l + clamp(-1, (l - 0.57) * 1000, 1) * max(0, 0.045 - max(l - 0.57, 0.57 - l))) c h
      );
      --_on-fill: var(
        --ai-interview-on-accent,
        oklch(
          from var(--_accent-fill) calc(0.14 + 0.85 * clamp(0, (0.57 - l) * 1000, 1)) min(c, 0.02) h
        )
      );
      --_accent-ink: oklch(from var(--_accent) clamp(var(--_ink), l, var(--_ink-to)) c h);
      --_accent-soft: var(
        --ai-interview-accent-soft,
        oklch(from var(--_accent) var(--_soft) calc(c * var(--_soft-c)) h)
      );
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
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before {
      animation: none !important;
      transition: none !important;
    }
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
    background: var(--_accent-fill);
    border-color: transparent;
    color: var(--_on-fill);
    padding-inline: 24px;
  }
  button.primary:hover {
    background: var(--_accent-fill);
    box-shadow: 0 0 0 4px color-mix(in oklab, var(--_accent-fill) 22%, transparent);
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
  @media (forced-colors: active) {
    button.primary {
      border-color: ButtonText;
    }
  }
`;
