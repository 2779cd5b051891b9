import { css } from 'lit';

/** What people can be asked for, and what helps step by step. */
export const styles = css`
  .quiet {
    display: flex;
    flex-wrap: wrap;
    gap: 0 20px;
  }
  .quiet button {
    border: 0;
    padding-inline: 0;
    background: none;
    font-weight: 400;
    color: var(--_accent-ink);
    text-decoration: underline;
    text-decoration-color: color-mix(in oklab, currentcolor 45%, transparent);
    text-underline-offset: 3px;
    text-align: start;
  }
  .quiet button:hover {
    text-decoration-color: currentcolor;
  }
  .form {
    display: grid;
    gap: 8px;
    padding: 16px;
    border-radius: var(--_radius-s);
    background: var(--_sunken);
    animation: show 150ms ease-out;
  }
  .form label {
    font-weight: 600;
  }
  .form .row {
    margin-block-start: 4px;
  }
  textarea,
  .address {
    font: inherit;
    color: inherit;
    background: var(--_surface);
    border: 1px solid color-mix(in oklab, var(--_muted) 70%, var(--_surface));
    border-radius: var(--_radius-s);
    padding: 10px 12px;
    inline-size: 100%;
    min-block-size: 44px;
    resize: vertical;
  }
  [aria-invalid='true'] {
    border-color: var(--_warn);
  }
  .problem {
    font-weight: 550;
  }
  /* Stays where screen readers find it, and takes no room. */
  .problem:empty {
    position: absolute;
  }
  .sent:focus {
    outline: none;
  }
  .sent {
    animation: show 150ms ease-out;
  }
  .steps {
    margin: 0;
    padding: 0;
    list-style: none;
    counter-reset: step;
    display: grid;
    gap: 12px;
  }
  .steps li {
    counter-increment: step;
    display: grid;
    grid-template-columns: 26px minmax(0, 1fr);
    gap: 12px;
  }
  .steps li::before {
    content: counter(step);
    inline-size: 26px;
    block-size: 26px;
    border-radius: 50%;
    display: grid;
    place-items: center;
    background: var(--_accent-soft);
    font-size: var(--_t-xs);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .copied {
    display: grid;
    gap: 6px;
  }
  @keyframes show {
    from {
      opacity: 0;
    }
  }
  @media (forced-colors: active) {
    .steps li::before,
    .form {
      border: 1px solid CanvasText;
    }
  }
`;
