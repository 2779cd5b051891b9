import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-rows: minmax(0, 1fr);
    min-block-size: 0;
    position: relative;
  }
  .log {
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 4px var(--_gutter, 24px) 24px;
    scrollbar-width: thin;
    scrollbar-color: color-mix(in oklab, var(--_muted) 45%, transparent) transparent;
  }
  .log:focus-visible {
    outline-offset: -3px;
    border-radius: var(--_radius-s);
  }
  /* What nobody looks at is not laid out; find, selection and screen readers still have all of it. */
  .stretch {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 2400px;
  }
  .turn + .turn,
  .stretch + .stretch {
    margin-block-start: 16px;
  }
  .comes {
    animation: come 250ms ease-out;
  }
  .who {
    font-size: var(--_t-xs);
    font-weight: 600;
    display: flex;
    gap: 8px;
    margin-block-end: 2px;
  }
  .who time {
    font-weight: 400;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .candidate .who b {
    color: var(--_accent-ink);
  }
  b {
    font-weight: inherit;
  }
  .text {
    text-wrap: pretty;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .partial .text {
    color: var(--_muted);
  }
  .own {
    border-inline-start: 2px solid var(--_accent-fill);
    padding-inline-start: 10px;
  }
  .note,
  .empty {
    font-size: var(--_t-xs);
    color: var(--_muted);
  }
  .log,
  .empty {
    grid-area: 1 / 1;
  }
  .empty {
    margin: 4px var(--_gutter, 24px);
    place-self: start;
  }
  .latest {
    position: absolute;
    inset-block-end: 12px;
    inset-inline: 0;
    margin-inline: auto;
    inline-size: max-content;
    max-inline-size: calc(100% - 32px);
    font-size: var(--_t-xs);
    box-shadow: var(--_shadow);
    animation: come 150ms ease-out;
  }
  @keyframes come {
    from {
      opacity: 0;
      transform: translateY(4px);
    }
  }
`;
