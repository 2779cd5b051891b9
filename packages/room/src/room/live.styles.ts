import { css } from 'lit';

/** Stage, covers and transcript, from 280 px to a wall. */
export const styles = css`
  .talk {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(300px, 36%);
    min-block-size: 0;
  }
  .talk.alone {
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  .side[hidden] {
    display: none;
  }
  .stage {
    grid-area: 1 / 1;
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    justify-items: center;
    gap: 8px;
    padding: 24px;
    min-block-size: 0;
    overflow-y: auto;
    background: radial-gradient(80% 70% at 50% 45%, var(--_accent-soft), transparent 72%);
    --_caption: var(--_t-l);
  }
  .stage:focus-visible {
    outline-offset: -3px;
  }
  .size-1 {
    --_larger: 1.25;
  }
  .size-2 {
    --_larger: 1.55;
  }
  .question {
    text-align: center;
    max-inline-size: 46ch;
    min-block-size: 4.2em;
  }
  .question h3 {
    font-size: var(--_t-xs);
    font-weight: 600;
    color: var(--_muted);
  }
  .question p,
  .caption {
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .question .asked {
    transition: opacity 250ms ease-out;
  }
  .question .away {
    opacity: 0;
    visibility: hidden;
  }
  .question .short {
    font-size: var(--_t-xs);
    color: var(--_muted);
    margin-block-start: 4px;
  }
  .presence {
    min-block-size: 0;
    block-size: 100%;
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    justify-items: center;
    align-content: center;
    gap: 8px;
    padding-block-end: 8px;
  }
  .presence ai-interview-visualizer {
    block-size: 100%;
    max-block-size: 280px;
    align-self: center;
  }
  .turn {
    text-align: center;
    text-wrap: balance;
    font-size: var(--_t-xs);
    color: var(--_muted);
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: 14px;
    padding: 3px 12px;
  }
  .caption {
    font-size: calc(var(--_caption) * var(--_larger, 1));
    line-height: 1.4;
    max-inline-size: 34ch;
    min-block-size: 4.2em;
    text-align: center;
    display: grid;
    align-content: center;
  }
  .ahead {
    color: var(--_muted);
  }
  .typed {
    grid-template-rows: auto auto auto;
    align-content: safe center;
    gap: 16px;
  }
  .typed .presence {
    block-size: auto;
    order: 3;
    align-self: start;
    grid-template-rows: auto;
  }
  .typed .caption {
    max-inline-size: 46ch;
  }
  .cover {
    grid-area: 1 / 1;
    z-index: 1;
    display: grid;
    overflow-y: auto;
    background: color-mix(in oklab, var(--_surface) 88%, transparent);
    backdrop-filter: blur(6px);
    animation: show 250ms ease-out;
  }
  .cover .card {
    inline-size: min(100%, 432px);
  }
  .cover .card h2 {
    font-size: 1.3125rem;
  }
  .cover .lead {
    font-size: var(--_t-s);
  }
  .side {
    border-inline-start: 1px solid var(--_line);
    background: var(--_sunken);
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-block-size: 0;
  }
  .side h2 {
    font-size: var(--_t-xs);
    font-weight: 600;
    color: var(--_muted);
    padding: 16px 24px 8px;
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    justify-content: space-between;
  }
  .side h2 span {
    font-weight: 400;
  }
  .signal {
    display: inline-flex;
    gap: 2px;
    align-items: end;
    block-size: 14px;
  }
  .signal i {
    inline-size: 3px;
    block-size: 5px;
    border-radius: 1px;
    background: var(--_line);
    transition: background-color 250ms ease-out;
  }
  .signal i:nth-child(2) {
    block-size: 9px;
  }
  .signal i:nth-child(3) {
    block-size: 14px;
  }
  .signal .on {
    background: var(--_muted);
  }
  @keyframes show {
    from {
      opacity: 0;
    }
  }

  @container interview-room (max-width: 719px) {
    .talk {
      grid-template: minmax(0, 1fr) minmax(0, 34%) / minmax(0, 1fr);
    }
    .stage {
      padding: 12px max(16px, env(safe-area-inset-right)) 12px max(16px, env(safe-area-inset-left));
      gap: 4px;
      --_caption: calc(1.1875rem * var(--ai-interview-caption-scale, 1));
    }
    .question {
      min-block-size: 0;
    }
    .side {
      border-inline-start: 0;
      border-block-start: 1px solid var(--_line);
      --_gutter: 16px;
    }
    .side h2 {
      padding: 10px 16px 6px;
    }
  }
  @container interview-room (max-height: 519px) {
    .stage {
      padding-block: 12px;
      gap: 4px;
      --_caption: calc(1.0625rem * var(--ai-interview-caption-scale, 1));
    }
    .question {
      min-block-size: 0;
    }
    .question .away {
      display: none;
    }
    .caption {
      min-block-size: 2.8em;
    }
  }
  @container interview-room (max-height: 519px) and (min-width: 600px) {
    .talk {
      grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(220px, 36%);
    }
    .talk.alone {
      grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    }
    .side {
      border-block-start: 0;
      border-inline-start: 1px solid var(--_line);
    }
    .side h2 span {
      display: none;
    }
  }
  @container interview-room (max-width: 339px) {
    .stage {
      --_caption: calc(1.0625rem * var(--ai-interview-caption-scale, 1));
    }
    .caption {
      min-block-size: 2.8em;
    }
    .presence ai-interview-visualizer {
      min-block-size: 56px;
    }
    .side h2 span {
      display: none;
    }
  }
  /* A phone that lies on its side has its notch there. */
  @media (orientation: landscape) {
    .stage {
      padding-left: max(16px, env(safe-area-inset-left));
      padding-right: max(16px, env(safe-area-inset-right));
    }
    .side:dir(ltr) {
      padding-right: env(safe-area-inset-right);
    }
    .side:dir(rtl) {
      padding-left: env(safe-area-inset-left);
    }
  }
  /* Read from across a room. */
  @container interview-room (min-width: 1600px) {
    .talk:not(.alone) {
      grid-template-columns: minmax(0, 1fr) minmax(520px, 30%);
    }
    .side ai-interview-transcript {
      font-size: 1.25rem;
    }
    .stage {
      gap: 24px;
      padding: 48px;
      --_caption: calc(2.25rem * var(--ai-interview-caption-scale, 1));
    }
    .question {
      font-size: 1.5rem;
      min-block-size: 5em;
    }
    .question h3,
    .question .short,
    .stage .turn {
      font-size: var(--_t-m);
    }
    .presence ai-interview-visualizer {
      max-block-size: 44cqb;
    }
  }
  @media (forced-colors: active) {
    .ahead {
      color: GrayText;
    }
    .signal i {
      forced-color-adjust: none;
      background: GrayText;
    }
    .signal .on,
    .rail i.on {
      forced-color-adjust: none;
      background: Highlight;
    }
    .rail i {
      forced-color-adjust: none;
      background: GrayText;
    }
  }
`;
