import { describe, expect, it } from 'vitest';
import { statusPage, type Status } from './status-page.ts';

const well: Status = {
  readiness: { ready: true, checks: { database: 'ok', upstream: 'ok' }, draining: false },
  version: '1.2.3',
  region: 'mia',
  interviewer: 'gpt-realtime',
  upstream: { state: 'ok', outcome: 'ok', at: 9_000 },
  startedAt: 0,
  now: 10_000,
  sessions: 3,
  calls: 2,
};

/** What a person reads, by its name. */
function read(status: Status): Record<string, string> {
  const rows = statusPage(status).matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g);
  return Object.fromEntries([...rows].map(([, name = '', value = '']) => [name, value]));
}

describe('statusPage', () => {
  it('tells what runs where, since when, and how busy it is', () => {
    expect(read(well)).toEqual({
      Interviewer: 'gpt-realtime',
      Provider: 'answered 1 s ago',
      Database: 'answers',
      'Calls now': '2',
      'Candidates now': '3',
      'Up for': '10 s',
      Region: 'mia',
      Version: '1.2.3',
      'As of': '1970-01-01 00:00:10 UTC',
    });
  });

  it('tells what is wrong', () => {
    const checks = { database: 'unavailable', upstream: 'failing' } as const;
    const ill: Status = {
      ...well,
      readiness: { ready: false, checks, draining: false },
      upstream: { state: 'failing', outcome: 'upstream_auth', at: 0 },
    };
    expect(statusPage(ill)).toContain('Not ready: the database does not answer');
    expect(read(ill)).toMatchObject({
      Database: 'does not answer',
      Provider: 'failed 10 s ago: upstream_auth',
    });
    const draining = { ...well.readiness, ready: false, draining: true };
    expect(statusPage({ ...well, readiness: draining })).toContain('being replaced');
  });

  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_725_000, '1 h 2 min'],
    [7_200_000, '2 h'],
    [90_000_000, '1 d 1 h'],
  ])('says %i ms as %s', (now, said) => {
    expect(read({ ...well, now })['Up for']).toBe(said);
  });

  it('lets no setting write into the page', () => {
    expect(statusPage({ ...well, region: '<script>' })).not.toContain('<script>');
  });
});
