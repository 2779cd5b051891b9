import { css } from 'lit';

/** The live room: stage, transcript, bar. */
export const styles = css`
  .talk {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(300px, 36%);
    min-block-size: 0;
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
    white-space: nowrap;
    font-size: var(--_t-xs);
    color: var(--_muted);
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: 99px;
    padding: 3px 12px;
  }
  .caption {
    font-size: var(--_t-l);
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
  .bar {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 69px;
    padding: 12px 24px;
    padding-block-end: max(12px, env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--_line);
  }
  .bar button {
    white-space: nowrap;
  }
  .bar p {
    text-wrap: balance;
  }
  .bar.confirm {
    justify-content: space-between;
    flex-wrap: wrap;
    background: var(--_sunken);
    animation: show 150ms ease-out;
  }
  .bar .fold.on {
    background: var(--_warn-soft);
    border-color: transparent;
  }
  .bar .fold[aria-pressed='true'] {
    background: var(--_accent-soft);
    border-color: transparent;
  }
  .label {
    display: grid;
  }
  .label > * {
    grid-area: 1 / 1;
  }
  [data-off] {
    visibility: hidden;
  }
  .bar .only {
    padding: 0;
  }
  .bar .done {
    background: var(--_accent-fill);
    border-color: transparent;
    color: var(--_on-fill);
  }
  .bar .done[aria-disabled='true'] {
    background: var(--_surface);
    border-color: var(--_line);
    color: var(--_muted);
    cursor: default;
  }
  .bar .end {
    margin-inline-start: auto;
  }
  .narrow {
    display: none;
  }
  .saved {
    color: var(--_muted);
    font-size: var(--_t-xs);
    line-height: 1.3;
    margin-inline-start: 8px;
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }
  .saved::before {
    content: '';
    flex: none;
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--_ok);
    transition: background-color 250ms ease-out;
  }
  .saved.saving::before {
    background: var(--_muted);
  }
  .saved.here::before {
    background: var(--_warn);
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
      padding: 12px 16px;
      gap: 4px;
    }
    .question {
      min-block-size: 0;
    }
    .caption {
      font-size: calc(1.1875rem * var(--ai-interview-caption-scale, 1));
    }
    .side {
      border-inline-start: 0;
      border-block-start: 1px solid var(--_line);
      --_gutter: 16px;
    }
    .side h2 {
      padding: 10px 16px 6px;
    }
    .bar {
      padding-inline: 16px;
    }
    .bar .saved {
      display: none;
    }
    .fold {
      padding: 0;
    }
    .fold .label {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .narrow {
      display: inline;
    }
    .wide {
      display: none;
    }
  }
  @container interview-room (max-height: 519px) {
    .bar {
      min-block-size: 56px;
      padding-block: 6px;
    }
    .stage {
      padding: 12px 16px;
      gap: 4px;
    }
    .question {
      min-block-size: 0;
    }
    .caption {
      font-size: calc(1.0625rem * var(--ai-interview-caption-scale, 1));
      min-block-size: 2.8em;
    }
  }
  @container interview-room (max-height: 519px) and (min-width: 600px) {
    .talk {
      grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(220px, 36%);
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
    .caption {
      font-size: calc(1.0625rem * var(--ai-interview-caption-scale, 1));
    }
    .side h2 span,
    .done svg {
      display: none;
    }
    .bar {
      padding-inline: 12px;
    }
    .bar button {
      padding-inline: 12px;
    }
  }
`;
