import { css } from 'lit';

/** How the room folds when its place is small. Comes last, since it overrules the others. */
export const styles = css`
  @container interview-room (max-width: 719px) {
    .head {
      padding-inline: 16px;
    }
    .rail,
    .unit {
      display: none;
    }
    .meta {
      gap: 12px;
    }
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
    .head {
      min-block-size: 48px;
      padding-block: 4px;
    }
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
    .card {
      padding-block: 16px;
      gap: 12px;
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
  @container interview-room (max-width: 419px) {
    .titled slot[name='logo'] {
      display: none;
    }
    .row > button {
      flex: 1 1 auto;
    }
  }
  @container interview-room (max-width: 339px) {
    .meta {
      gap: 8px;
    }
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
