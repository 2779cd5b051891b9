import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    aspect-ratio: 1;
  }
  svg {
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
  }
  .face {
    fill: var(--_surface);
    stroke: var(--_line);
  }
  .near {
    stop-color: var(--_accent-fill);
    stop-opacity: 0.5;
  }
  .far {
    stop-color: var(--_accent-fill);
    stop-opacity: 1;
  }
  .spokes {
    fill: none;
    stroke-width: 2.6;
    stroke-linecap: round;
    transition: opacity 250ms ease-out;
  }
  :host(:not([turn='interviewer'])) .spokes {
    opacity: 0.45;
  }
  .halo {
    fill: var(--_accent-fill);
    opacity: 0.12;
  }
  .disc {
    fill: var(--_accent-fill);
    opacity: 0.16;
    transition: opacity 250ms ease-out;
  }
  :host([turn='candidate']) .disc {
    opacity: 0.75;
  }
  :host([quiet]) .disc,
  :host([quiet]) .spokes {
    opacity: 0.25;
  }
`;
