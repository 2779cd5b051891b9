import { css } from 'lit';

/** The frame: head, room for one screen. */
export const styles = css`
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
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
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
  .bare {
    visibility: hidden;
  }
  slot:has(+ .setup) .bare {
    display: none;
  }
  ::slotted([slot='header']) {
    grid-row: 1;
  }
  ::slotted([slot='footer']) {
    grid-row: 3;
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
    grid-row: 2;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
  }
  .main:not(.live) {
    grid-template-rows: 1fr auto;
    overflow-y: auto;
  }
  .main.live {
    grid-template-rows: minmax(0, 1fr) auto;
  }

  :host([transcript='off']) .talk {
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  :host([transcript='off']) .side {
    display: none;
  }

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
  }
  @container interview-room (max-height: 519px) {
    .head {
      min-block-size: 48px;
      padding-block: 4px;
    }
  }
  @container interview-room (max-width: 419px) {
    .titled slot[name='logo'] {
      display: none;
    }
  }
  @container interview-room (max-width: 339px) {
    .meta {
      gap: 8px;
    }
  }
`;
