import { byId, timeOf } from './document.ts';
import type { Session } from './recruiting.ts';

/** Of what the database sums up over a session's calls, what is shown; each figure may be missing. */
export interface Quality {
  /** Milliseconds. */
  rtt_ms?: Figure;
  /** A share of 1. */
  loss?: Figure;
  /** 1 to 5. */
  rating?: Figure;
}

interface Figure {
  mean: number;
}

/** How the connection was, in one line; nothing before there was one. */
export function showConnection(session: Session | null): void {
  byId('session-connection', HTMLElement).textContent =
    session === null ? '' : connectionWords(session);
}

function connectionWords({ attempts, connected_at: at, region, quality }: Session): string {
  if (attempts === 0) return '';
  const { rtt_ms: trip, loss, rating } = quality;
  const figures = [
    at === null ? 'never connected' : `connected ${timeOf(at)}`,
    attempts === 1 ? '1 call' : `${attempts} calls`,
    region === null ? null : `region ${region}`,
    trip ? `round trip ${Math.round(trip.mean)} ms` : null,
    loss ? `${(loss.mean * 100).toFixed(1)} % lost` : null,
    rating ? `quality ${rating.mean.toFixed(1)} of 5` : null,
  ];
  return `Connection: ${figures.filter((figure) => figure !== null).join(' · ')}`;
}
