import { css } from 'lit';

/** The check of the devices, the rehearsal, and the way into the talk. */
export const styles = css`
  .network {
    display: flex;
    gap: 10px;
    align-items: baseline;
    font-size: var(--_t-xs);
    color: var(--_muted);
  }
  .network::before {
    content: '';
    flex: none;
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--_line);
    transition: background-color 250ms ease-out;
  }
  .network.good::before {
    background: var(--_ok);
  }
  .network.slow::before,
  .network.away::before {
    background: var(--_warn);
  }
  .practice {
    display: grid;
    gap: 8px;
    padding: 16px;
    border-radius: var(--_radius-s);
    background: var(--_sunken);
    animation: show 150ms ease-out;
  }
  .practice .asked {
    font-size: var(--_t-m);
    font-weight: 550;
    text-wrap: balance;
  }
  .practice .row {
    min-block-size: 44px;
    gap: 8px 12px;
  }
  .practice .row .small {
    flex: 1 1 10em;
    font-variant-numeric: tabular-nums;
  }
  progress {
    appearance: none;
    inline-size: 100%;
    block-size: 4px;
    margin-block: 4px;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    background: var(--_line);
    color: var(--_accent-fill);
  }
  progress::-webkit-progress-bar {
    background: var(--_line);
  }
  progress::-webkit-progress-value {
    background: var(--_accent-fill);
  }
  progress::-moz-progress-bar {
    background: var(--_accent-fill);
  }
  .pace {
    block-size: 88px;
    display: grid;
    place-items: center;
  }
  .count {
    inline-size: 88px;
    block-size: 88px;
    border-radius: 50%;
    display: grid;
    place-items: center;
    background: var(--_accent-soft);
    font-size: 2.25rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  @media (forced-colors: active) {
    .network::before,
    .count,
    .practice {
      border: 1px solid CanvasText;
    }
    .network.good::before {
      background: CanvasText;
    }
    progress {
      border: 1px solid CanvasText;
    }
  }
`;
