import { css } from 'lit';

/** Every screen but the live one: one column, one action. */
export const styles = css`
  .card {
    place-self: safe center;
    inline-size: min(100%, 568px);
    padding: 32px 24px;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    text-wrap: pretty;
    overflow-wrap: anywhere;
    animation: arrive 250ms ease-out;
  }
  /* As if it were in the middle, but what is folded out below moves nothing above. */
  .card.steady,
  .card.two {
    align-self: start;
    margin-block-start: max(0px, (100cqb - 60px - 520px) / 2);
  }
  .card.two {
    margin-block-start: max(0px, (100cqb - 60px - 660px) / 2);
  }
  .card h2 {
    font-size: var(--_t-xl);
    line-height: 1.2;
    font-weight: 620;
    letter-spacing: -0.012em;
    text-wrap: balance;
  }
  h2:focus {
    outline: none;
  }
  .lead {
    font-size: var(--_t-m);
    color: var(--_muted);
  }
  .calm {
    text-align: center;
    justify-items: center;
  }
  .card.calm h2 {
    font-size: 1.3125rem;
  }
  .small {
    font-size: var(--_t-xs);
    color: var(--_muted);
  }
  .row {
    display: flex;
    gap: 12px;
    align-items: center;
    flex-wrap: wrap;
  }

  .columns,
  .columns > div {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    align-content: start;
  }
  @container interview-room (min-width: 860px) {
    .card.two {
      inline-size: min(100%, 968px);
      gap: 24px;
    }
    .two .lead {
      max-inline-size: 70ch;
    }
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 32px;
    }
    .columns .consents,
    .columns .facts {
      border-block-start: 0;
      padding-block-start: 0;
    }
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(6.4em, 1fr));
    gap: 12px 16px;
    border-block: 1px solid var(--_line);
    padding-block: 16px;
  }
  dt {
    font-size: var(--_t-xs);
    color: var(--_muted);
  }
  .facts dd {
    font-weight: 600;
  }
  .told,
  .go {
    display: grid;
    gap: 8px;
  }
  .told div {
    display: grid;
    grid-template-columns: 9em minmax(0, 1fr);
    gap: 2px 16px;
  }
  .told dt {
    line-height: calc(1.55 * var(--_t-s));
  }
  .told dd,
  .consent label {
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .consents {
    display: grid;
    gap: 4px;
    border-block-start: 1px solid var(--_line);
    padding-block-start: 16px;
  }
  .consents legend {
    padding: 0;
    float: inline-start;
    inline-size: 100%;
    font-weight: 600;
    margin-block-end: 4px;
  }
  .consent {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    gap: 0 12px;
    margin-inline: -12px;
    padding: 10px 12px;
    border-radius: var(--_radius-s);
    transition: background-color 150ms ease-out;
  }
  .consent:hover {
    background: var(--_sunken);
  }
  .consent.missing {
    background: var(--_warn-soft);
  }
  .consent input {
    inline-size: 20px;
    block-size: 20px;
    margin: 2px 0 0;
    accent-color: var(--_accent-fill);
  }
  .consent label {
    cursor: pointer;
    white-space: pre-line;
    min-block-size: 24px;
  }
  .consent label.long {
    max-block-size: 12lh;
    overflow-y: auto;
    background: var(--_sunken);
    border-radius: var(--_radius-s);
    padding: 8px 12px;
  }
  .consent .small {
    grid-column: 2;
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    align-items: baseline;
  }
  .hint {
    font-size: var(--_t-xs);
    color: var(--_muted);
    min-block-size: 1lh;
  }
  .hint.asked {
    color: var(--_text);
    font-weight: 550;
  }
  .go .row {
    gap: 8px;
  }
  .asks {
    min-block-size: 44px;
  }
  .asks:has(.form) {
    padding-block-end: 8px;
  }
  .go button[aria-disabled='true'] {
    background: var(--_accent-soft);
    color: var(--_text);
  }
  .notice {
    border-radius: var(--_radius-s);
    padding: 12px 16px;
    background: var(--_accent-soft);
  }
  .notice.warn {
    background: var(--_warn-soft);
  }
  .breath {
    display: flex;
    gap: 8px;
  }
  .breath i {
    inline-size: 9px;
    block-size: 9px;
    border-radius: 50%;
    background: var(--_accent-fill);
    animation: breathe 1.6s ease-in-out infinite;
  }
  .breath i:nth-child(2) {
    animation-delay: 0.2s;
  }
  .breath i:nth-child(3) {
    animation-delay: 0.4s;
  }
  @keyframes breathe {
    0%,
    60%,
    100% {
      opacity: 0.25;
    }
    30% {
      opacity: 1;
    }
  }
  @keyframes arrive {
    from {
      opacity: 0;
      transform: translateY(6px);
    }
  }

  @container interview-room (max-width: 719px) {
    .card {
      padding: 24px 16px;
      place-self: safe center stretch;
      inline-size: auto;
    }
    .card h2 {
      font-size: 1.5rem;
    }
    .told div {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container interview-room (max-height: 519px) {
    .card {
      padding-block: 16px;
      gap: 12px;
    }
  }
  @container interview-room (max-width: 419px) {
    .row > button {
      flex: 1 1 auto;
    }
  }
`;
