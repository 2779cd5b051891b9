import { css } from 'lit';

/** Thanks, what comes next, corrections and feedback. */
export const styles = css`
  .card h3 {
    font-size: var(--_t-s);
    font-weight: 600;
  }
  .next {
    display: grid;
    gap: 4px;
  }
  .next p,
  .read li p,
  .own span {
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .own span {
    display: block;
  }
  .feedback,
  .feedback form {
    display: grid;
    gap: 8px;
    align-content: start;
  }
  .feedback {
    padding: 20px;
    border-radius: var(--_radius-s);
    background: var(--_sunken);
  }
  .ratings {
    display: grid;
    grid-template-columns: repeat(5, minmax(0, 44px));
    gap: 8px;
    margin-block: 8px;
  }
  .rating {
    position: relative;
    display: grid;
    cursor: pointer;
  }
  .rating input {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .rating span:first-of-type {
    aspect-ratio: 1;
    display: grid;
    place-items: center;
    border: 1px solid color-mix(in oklab, var(--_muted) 60%, var(--_surface));
    border-radius: 50%;
    background: var(--_surface);
    font-variant-numeric: tabular-nums;
    transition: background-color 150ms ease-out;
  }
  .rating:hover span:first-of-type {
    background: var(--_accent-soft);
  }
  .rating input:checked + span {
    background: var(--_accent-fill);
    border-color: transparent;
    color: var(--_on-fill);
    font-weight: 600;
  }
  .rating input:focus-visible + span {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  .ratings .small {
    grid-column: 1 / -1;
  }
  .feedback button[aria-disabled='true'] {
    color: var(--_muted);
  }
  .read {
    border-block-start: 1px solid var(--_line);
    padding-block-start: 8px;
  }
  summary {
    min-block-size: 44px;
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 550;
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::before {
    content: '';
    inline-size: 8px;
    block-size: 8px;
    margin-inline: 2px 4px;
    border: solid currentcolor;
    border-width: 0 2px 2px 0;
    rotate: -45deg;
    transition: rotate 150ms ease-out;
  }
  summary:dir(rtl)::before {
    rotate: 135deg;
  }
  [open] > summary::before {
    rotate: 45deg;
  }
  .read ol {
    margin: 16px 0 0;
    padding: 0;
    list-style: none;
    display: grid;
    gap: 16px;
    max-inline-size: 70ch;
  }
  .read li {
    display: grid;
    gap: 2px;
  }
  .who {
    font-size: var(--_t-xs);
    color: var(--_muted);
  }
  .who b {
    font-weight: 600;
    color: var(--_text);
  }
  .candidate .who b {
    color: var(--_accent-ink);
  }
  .own {
    border-inline-start: 3px solid var(--_accent-fill);
    padding-inline-start: 12px;
    margin-block: 4px;
  }
  .own b {
    display: block;
    font-size: var(--_t-xs);
    font-weight: 600;
    color: var(--_muted);
  }
  @media (forced-colors: active) {
    .feedback {
      border: 1px solid CanvasText;
    }
    .rating input:checked + span {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
