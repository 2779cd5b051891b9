import { byId, timeOf } from './document.ts';
import type { Session } from './recruiting.ts';

/** What the calls of a session were measured at, as the database sums it up; each figure may be missing. */
export interface Quality {
  /** Milliseconds. */
  rtt_ms?: Figure;
  jitter_ms?: Figure;
  /** Shares of 1. */
  loss?: Figure;
  concealed?: Figure;
  /** 1 to 5. */
  rating?: Figure;
}

interface Figure {
  mean: number;
  min: number;
  max: number;
}

/** How the connection was, in one line; nothing before there was one. */
export function showConnection(session: Session | null): void {
  byId('session-connection', HTMLElement).textContent =
    session === null ? '' : connectionWords(session);
}

function connectionWords({ attempts, connected_at: at, region, quality }: Session): string {
  if (attempts === 0) return '';
  const { rtt_ms: trip, jitter_ms: jitter, loss, rating } = quality;
  const figures = [
    at === null ? 'never connected' : `connected ${timeOf(at)}`,
    attempts === 1 ? '1 call' : `${attempts} calls`,
    region === null ? null : `region ${region}`,
    trip ? `round trip ${Math.round(trip.mean)} ms` : null,
    jitter ? `jitter ${Math.round(jitter.mean)} ms` : null,
    loss ? `${(loss.mean * 100).toFixed(1)} % lost` : null,
    rating ? `rated ${rating.mean.toFixed(1)} of 5` : null,
  ];
  return `Connection: ${figures.filter((figure) => figure !== null).join(' · ')}`;
}
