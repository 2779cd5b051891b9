import type { UpstreamReport } from '../metrics/upstream-health.ts';
import type { Readiness } from './readiness.ts';

/** What the status page says. Times are Unix times, milliseconds. */
export interface Status {
  readiness: Readiness;
  version: string;
  /** Where this machine stands; null where nobody said. */
  region: string | null;
  /** The provider's model; null where every call is simulated. */
  interviewer: string | null;
  upstream: UpstreamReport;
  startedAt: number;
  now: number;
  sessions: number;
  calls: number;
}

/** The page at `/`, for a person. */
export function statusPage(status: Status): string {
  const { ready } = status.readiness;
  const rows = rowsOf(status)
    .map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${ready ? 'Ready' : 'Not ready'} · Interview proxy</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/pages.css">
</head>
<body>
<main class="narrow">
<h1>Interview proxy</h1>
<p class="state" data-ready="${ready}">${escapeHtml(verdict(status.readiness))}</p>
<dl class="facts">
${rows}
</dl>
<p class="links"><a href="/">Look again</a> <a href="/realtime-test.html">Test a connection</a> <a href="/readyz">As JSON</a></p>
</main>
</body>
</html>
`;
}

function verdict({ ready, draining }: Readiness): string {
  if (ready) return 'Ready for interviews';
  return draining
    ? 'Not ready: this machine is being replaced, its calls go on elsewhere'
    : 'Not ready: the database does not answer';
}

function rowsOf(status: Status): [string, string][] {
  const { readiness, version, region, interviewer, startedAt, now, calls, sessions } = status;
  return [
    ['Interviewer', interviewer ?? 'simulated, at no cost'],
    ['Provider', lastAnswer(status)],
    ['Database', readiness.checks.database === 'ok' ? 'answers' : 'does not answer'],
    ['Calls now', String(calls)],
    ['Candidates now', String(sessions)],
    ['Up for', duration(now - startedAt)],
    ['Region', region ?? 'unknown'],
    ['Version', version],
    ['As of', `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} UTC`],
  ];
}

function lastAnswer({ upstream: { state, outcome, at }, now }: Status): string {
  if (at === null) return 'no call since the start';
  const ago = `${duration(now - at)} ago`;
  return state === 'ok' ? `answered ${ago}` : `failed ${ago}: ${outcome ?? 'unknown'}`;
}

const units: readonly [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** The two largest units: `3 d 4 h`, `12 s`. */
function duration(ms: number): string {
  const largest = units.findIndex(([size]) => ms >= size);
  if (largest === -1) return '0 s';
  const parts: string[] = [];
  let rest = ms;
  for (const [size, unit] of units.slice(largest, largest + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
