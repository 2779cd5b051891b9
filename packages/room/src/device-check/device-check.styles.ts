import { css, unsafeCSS } from 'lit';

/** Bars of the meter. */
export const BARS = 24;

const heights = Array.from({ length: BARS }, (_, index) => {
  const height = 34 + Math.round(56 * Math.abs(Math.sin(index * 0.7)));
  return `.meter i:nth-child(${index + 1}) { block-size: ${height}%; }`;
}).join('\n');

export const styles = css`
  :host {
    display: grid;
    gap: 16px;
  }
  .meter {
    display: flex;
    gap: 4px;
    block-size: 28px;
    align-items: center;
  }
  .meter i {
    flex: 1;
    border-radius: 3px;
    background: var(--_line);
    transition: background-color 80ms ease-out;
  }
  ${unsafeCSS(heights)}
  .meter i.on {
    background: var(--_accent-fill);
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 14em), 1fr));
    gap: 16px;
  }
  .sound {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
  }
  .said {
    flex: 1 1 8em;
    font-size: var(--_t-xs);
    color: var(--_muted);
    line-height: 1.35;
    text-wrap: balance;
  }
  .field {
    display: grid;
    gap: 6px;
  }
  .field span {
    font-size: var(--_t-xs);
    color: var(--_muted);
  }
  select {
    font: inherit;
    color: inherit;
    background: var(--_surface);
    border: 1px solid color-mix(in oklab, var(--_muted) 70%, var(--_surface));
    border-radius: var(--_radius-s);
    padding-inline: 12px;
    min-block-size: 44px;
    inline-size: 100%;
    text-overflow: ellipsis;
  }
  .notice {
    border-radius: var(--_radius-s);
    padding: 12px 16px;
    background: var(--_sunken);
    min-block-size: calc(2lh + 24px);
    display: grid;
    align-items: center;
    text-wrap: pretty;
    transition: background-color 250ms ease-out;
  }
  .notice.heard {
    background: var(--_accent-soft);
  }
  .notice.quiet {
    background: var(--_warn-soft);
  }
  @media (forced-colors: active) {
    .meter i {
      border: 1px solid CanvasText;
    }
    .meter i.on {
      background: Highlight;
    }
  }
`;
