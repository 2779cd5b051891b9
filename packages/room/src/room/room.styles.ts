import { css } from 'lit';

const frame = css`
  :host {
    display: block;
    block-size: min(720px, 100dvb);
    min-block-size: min(520px, 100dvb);
    container: interview-room / size;
  }
  .room {
    block-size: 100%;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    box-shadow: var(--_shadow);
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    overflow: hidden;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 60px;
    padding: 8px 24px;
    border-block-end: 1px solid var(--_line);
  }
  .logo,
  ::slotted([slot='logo']) {
    block-size: 30px;
    max-inline-size: 120px;
    border-radius: 8px;
    flex: none;
  }
  .logo.initial {
    inline-size: 30px;
    background: var(--_text);
    color: var(--_surface);
    display: grid;
    place-items: center;
    font-weight: 650;
    font-size: var(--_t-xs);
  }
  .title {
    font-weight: 600;
    line-height: 1.25;
    min-inline-size: 0;
  }
  .title span {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
    hyphens: auto;
  }
  .title small {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 400;
    font-size: var(--_t-xs);
    color: var(--_muted);
  }
  .meta {
    margin-inline-start: auto;
    flex: none;
    display: flex;
    gap: 16px;
    align-items: center;
    color: var(--_muted);
    font-size: var(--_t-xs);
    font-variant-numeric: tabular-nums;
  }
  .meta span {
    unicode-bidi: plaintext;
  }
  .tag {
    border: 1px solid var(--_line);
    border-radius: 99px;
    padding: 2px 10px;
  }
  .progress {
    display: flex;
    align-items: center;
    gap: 10px;
    white-space: nowrap;
  }
  .rail {
    display: flex;
    gap: 4px;
  }
  .rail i {
    inline-size: 18px;
    block-size: 4px;
    border-radius: 2px;
    background: var(--_line);
    transition: background-color 250ms ease-out;
  }
  .rail i.on {
    background: var(--_accent-fill);
  }
  .time {
    white-space: nowrap;
    min-inline-size: 3.2em;
    text-align: end;
  }
  .time b {
    color: var(--_text);
    font-weight: 600;
    font-size: var(--_t-s);
  }
  .main {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
  }
  .main:not(.live) {
    overflow-y: auto;
  }
  .main.live {
    grid-template-rows: minmax(0, 1fr) auto;
  }
`;

const card = css`
  .card {
    place-self: safe center;
    inline-size: min(100%, 568px);
    padding: 32px 24px;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    animation: arrive 250ms ease-out;
  }
  .card h2 {
    font-size: var(--_t-xl);
    line-height: 1.2;
    font-weight: 620;
    letter-spacing: -0.012em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  h2:focus {
    outline: none;
  }
  .card p {
    text-wrap: pretty;
  }
  .lead {
    font-size: var(--_t-m);
    color: var(--_muted);
    text-wrap: pretty;
  }
  .calm {
    text-align: center;
    justify-items: center;
  }
  .calm h2 {
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
      gap: 56px;
    }
    .columns .consents {
      border-block-start: 0;
      padding-block-start: 0;
    }
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
  .told {
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
  .told dd {
    text-wrap: pretty;
    overflow-wrap: anywhere;
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
    text-wrap: pretty;
    overflow-wrap: anywhere;
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
  .go {
    display: grid;
    gap: 8px;
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
`;

const talk = css`
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
  .question p {
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
    text-wrap: balance;
    display: grid;
    align-content: center;
    overflow-wrap: anywhere;
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
    white-space: nowrap;
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
`;

const narrow = css`
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
    }
    .side {
      --_gutter: 16px;
    }
    .side h2 {
      padding: 10px 16px 6px;
    }
    .bar {
      padding-inline: 16px;
      min-block-size: 69px;
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
    slot[name='logo'] {
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
      white-space: nowrap;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .card,
    .cover,
    .breath i,
    .bar.confirm {
      animation: none;
    }
    .rail i,
    .saved::before {
      transition: none;
    }
  }
`;

export const styles = [frame, card, talk, narrow];
