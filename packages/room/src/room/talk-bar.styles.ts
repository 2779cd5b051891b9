import { css } from 'lit';

/** The bar, what is written, and the menu. */
export const styles = css`
  .foot {
    position: relative;
    border-block-start: 1px solid var(--_line);
    min-inline-size: 0;
  }
  .bar,
  .writing {
    padding-left: max(24px, env(safe-area-inset-left));
    padding-right: max(24px, env(safe-area-inset-right));
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 68px;
    padding-block: 12px max(12px, env(safe-area-inset-bottom));
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
  .bar .write.on,
  .bar .fold[aria-pressed='true'],
  .menu-button[aria-expanded='true'] {
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
  .bar .done,
  .send {
    background: var(--_accent-fill);
    border-color: transparent;
    color: var(--_on-fill);
  }
  .foot button[aria-disabled='true'] {
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

  .writing {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 4px 8px;
    align-items: end;
    padding-block: 12px 0;
    animation: show 150ms ease-out;
  }
  .answer {
    font: inherit;
    color: inherit;
    background: var(--_surface);
    border: 1px solid color-mix(in oklab, var(--_muted) 70%, var(--_surface));
    border-radius: 22px;
    padding: 9px 18px;
    min-block-size: 44px;
    max-block-size: min(9.5em, 30cqb);
    field-sizing: content;
    resize: none;
    inline-size: 100%;
    scrollbar-width: thin;
  }
  .answer::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .answer:focus-visible {
    outline-offset: 0;
  }
  .send {
    padding: 0;
  }
  .writing .small {
    grid-column: 1;
    padding-inline-start: 19px;
  }

  .menu-place {
    display: flex;
    position: relative;
  }
  .menu {
    position: absolute;
    z-index: 2;
    inset-block-end: calc(100% + 16px);
    inset-inline-end: -12px;
    inline-size: 380px;
    max-block-size: calc(100cqb - 160px);
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    padding: 8px;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    box-shadow: var(--_shadow);
    animation: rise 150ms ease-out;
  }
  .menu.first {
    inset-inline: 0 auto;
  }
  .menu:focus {
    outline: none;
  }
  .menu:focus-visible {
    outline: none;
    border-color: var(--_focus);
  }
  .items {
    display: grid;
  }
  .menu .item:is(button) {
    justify-content: start;
    border-color: transparent;
    border-radius: var(--_radius-s);
    padding-inline: 12px;
    gap: 12px;
    text-align: start;
    white-space: normal;
    font-weight: 450;
  }
  .menu .item:is(button) svg {
    color: var(--_muted);
  }
  .asking {
    display: grid;
    gap: 8px;
    padding: 12px;
    border-radius: var(--_radius-s);
    background: var(--_sunken);
  }
  .looks {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    padding: 8px 12px;
    margin-block: 4px;
    border-block: 1px solid var(--_line);
  }
  .items:empty + .looks {
    border-block-start: 0;
    margin-block-start: 0;
  }
  .choice,
  .menu .field {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
    min-block-size: 44px;
    cursor: pointer;
  }
  .menu .field > span {
    flex: none;
    max-inline-size: 50%;
  }
  .menu select {
    font: inherit;
    color: inherit;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-s);
    padding: 0 12px;
    min-block-size: 44px;
    min-inline-size: 0;
    max-inline-size: 62%;
    text-overflow: ellipsis;
  }
  .choice input {
    appearance: none;
    flex: none;
    inline-size: 42px;
    block-size: 24px;
    margin: 10px 0;
    border-radius: 99px;
    border: 1px solid var(--_muted);
    background: var(--_sunken);
    display: grid;
    align-items: center;
    cursor: pointer;
    transition: background-color 150ms ease-out;
  }
  .choice input::before {
    content: '';
    inline-size: 16px;
    block-size: 16px;
    margin-inline: 3px;
    border-radius: 50%;
    background: var(--_muted);
    transition: margin 150ms ease-out;
  }
  .choice input:checked {
    background: var(--_accent-fill);
    border-color: transparent;
  }
  .choice input:checked::before {
    margin-inline-start: 21px;
    background: var(--_on-fill);
  }
  .menu h3 {
    font-size: var(--_t-xs);
    font-weight: 600;
    color: var(--_muted);
    padding: 8px 12px 4px;
  }
  .keys {
    display: grid;
    gap: 6px;
    padding: 0 12px 8px;
    font-size: var(--_t-xs);
  }
  .keys div {
    display: grid;
    grid-template-columns: 5em minmax(0, 1fr);
    align-items: baseline;
    gap: 12px;
  }
  .keys dt {
    color: var(--_text);
  }
  .keys dd {
    font-weight: 400;
    color: var(--_muted);
  }
  kbd {
    font: inherit;
    font-weight: 600;
    display: inline-block;
    min-inline-size: 2em;
    text-align: center;
    padding: 1px 8px;
    border: 1px solid var(--_line);
    border-radius: 6px;
    background: var(--_sunken);
  }
  .menu .fold-write {
    display: none;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(6px);
    }
  }

  @container interview-room (max-width: 719px) {
    .bar,
    .writing {
      padding-left: max(16px, env(safe-area-inset-left));
      padding-right: max(16px, env(safe-area-inset-right));
    }
    .bar .saved,
    .bar .captions {
      display: none;
    }
    .writing .small:not(.unsent) {
      display: none;
    }
    .writing {
      padding-block-end: 2px;
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
    .menu-place {
      position: static;
    }
    .menu {
      inset-block-end: calc(100% + 8px);
      inset-inline: 8px;
      inline-size: auto;
      max-block-size: calc(100cqb - 140px);
    }
  }
  @container interview-room (max-height: 519px) {
    .bar {
      min-block-size: 56px;
      padding-block: 6px max(6px, env(safe-area-inset-bottom));
    }
    .writing {
      padding-block-start: 6px;
    }
    .menu {
      max-block-size: calc(100cqb - 80px);
    }
  }
  @container interview-room (max-width: 359px) {
    .bar {
      gap: 6px;
      padding-inline: 12px;
    }
    .bar button:not(.only, .fold) {
      padding-inline: 10px;
    }
    .bar .write,
    .done svg {
      display: none;
    }
    .menu .fold-write {
      display: inline-flex;
    }
    .menu .field {
      flex-wrap: wrap;
      gap: 4px;
    }
    .menu select {
      max-inline-size: 100%;
    }
  }
  /* A telephone has none. */
  @media (hover: none) {
    @container interview-room (max-width: 719px) {
      .keys,
      .menu h3 {
        display: none;
      }
    }
  }
  @container interview-room (min-width: 1600px) {
    .bar,
    .menu {
      font-size: var(--_t-m);
    }
  }
  @media (forced-colors: active) {
    .bar .fold.on,
    .bar .fold[aria-pressed='true'],
    .menu-button[aria-expanded='true'],
    .choice input:checked {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
      border-color: Highlight;
    }
    .choice input:checked::before {
      background: HighlightText;
    }
    .choice input:not(:checked)::before {
      forced-color-adjust: none;
      background: ButtonText;
    }
    .foot button[aria-disabled='true'] {
      color: GrayText;
      border-color: GrayText;
    }
    .bar .done:not([aria-disabled='true']),
    .send:not([aria-disabled='true']) {
      border-color: ButtonText;
    }
    .saved::before {
      forced-color-adjust: none;
      background: CanvasText;
    }
    .saved.saving::before,
    .saved.here::before {
      background: Canvas;
      border: 1px solid CanvasText;
    }
  }
`;
