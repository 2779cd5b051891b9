import { InterviewReport } from '@interview/protocol';
import { describe, expect, it } from 'vitest';
import { csv } from './csv.ts';
import { markdown } from './markdown.ts';
import { srt } from './srt.ts';
import { timelineOf, type ExportedReport } from './timeline.ts';
import { webvtt } from './webvtt.ts';

const base = {
  schema: 'interview-report/1',
  session_id: '9b2a3a4e-7a0e-4a0c-8f44-000000000001',
  end_reason: 'completed',
  started_at: '2026-11-24T09:00:00.000Z',
  ended_at: '2026-11-24T09:03:00.000Z',
  duration_s: 180,
  transcript_sha256: 'f'.repeat(64),
  counts: { utterances: 0, candidate: 0, interviewer: 0, inaudible: 0, gaps: 0 },
};

type Fields = Record<string, unknown>;
const line = (entry_id: string, role: string, text: string, fields: Fields = {}) => ({
  entry_id,
  role,
  text,
  status: 'final',
  call_ordinal: 1,
  started_ms: null,
  ended_ms: null,
  source: 'server',
  ...fields,
});

function exported(utterances: unknown[], fields: Fields = {}): ExportedReport {
  const calls = [
    { ordinal: 1, offset_ms: 0 },
    { ordinal: 2, offset_ms: 120_000 },
  ];
  const report = InterviewReport.parse({ ...base, calls, utterances, questions: [], ...fields });
  return { revision: 2, report, corrections: [] };
}

/** A talk with all that can be: cut in on, not heard, gone back to after a new call, holes, corrected. */
const talk: ExportedReport = {
  ...exported(
    [
      line('c1.g', 'interviewer', 'Hello & welcome.', { started_ms: 0, ended_ms: 1500 }),
      line('c1.q', 'interviewer', 'What did you <draw>?', {
        status: 'interrupted',
        started_ms: 2000,
        ended_ms: 9000,
        heard_ms: 1500,
        question_id: 'draw',
      }),
      line('c1.a', 'candidate', '=HYPERLINK("x")\n\n2. --> maps', {
        started_ms: 3600,
        ended_ms: 5000,
        question_id: 'draw',
      }),
      line('c1.b', 'candidate', '', { status: 'inaudible', question_id: 'draw' }),
      line('c2.a', 'candidate', 'أرسم خرائط.', {
        call_ordinal: 2,
        started_ms: 250,
        ended_ms: 3_601_000,
        question_id: 'draw',
      }),
    ],
    {
      questions: [{ id: 'draw', text: 'What did you <draw>?', status: 'asked' }],
      missing: [{ source: 'server', rows: 2, lost: false, after: 'c1.b' }],
      unsupervised_calls: [2],
      counts: { ...base.counts, gaps: 1 },
    },
  ),
  corrections: [{ entry_id: 'c2.a', text: '*I* draw\nmaps.' }],
};

it('WebVTT', () => {
  expect(webvtt(timelineOf(talk))).toBe(`WEBVTT

1
00:00:00.000 --> 00:00:01.500
<v Interviewer>Hello &amp; welcome.

2
00:00:02.000 --> 00:00:03.500
<v Interviewer>What did you &lt;draw&gt;? [interrupted]

3
00:00:03.600 --> 00:00:05.000
<v Candidate>=HYPERLINK("x")
2. --&gt; maps

4
00:00:05.000 --> 00:00:06.000
<v Candidate>[inaudible]

5
00:00:06.000 --> 00:00:07.000
[words may be missing here]

6
00:02:00.250 --> 01:02:01.000
<v Candidate>أرسم خرائط.
`);
});

it('SubRip', () => {
  expect(srt(timelineOf(talk))).toBe(`1
00:00:00,000 --> 00:00:01,500
Interviewer: Hello & welcome.

2
00:00:02,000 --> 00:00:03,500
Interviewer: What did you ‹draw›? [interrupted]

3
00:00:03,600 --> 00:00:05,000
Candidate: =HYPERLINK("x")
2. --› maps

4
00:00:05,000 --> 00:00:06,000
Candidate: [inaudible]

5
00:00:06,000 --> 00:00:07,000
[words may be missing here]

6
00:02:00,250 --> 01:02:01,000
Candidate: \u2068أرسم خرائط.\u2069
`);
});

it('CSV', () => {
  expect(csv(timelineOf(talk), talk).split('\r\n')).toEqual([
    '\uFEFF"number","call","start_ms","end_ms","speaker","status","question","text","correction","entry_id"',
    '"1","1","0","1500","Interviewer","final","","Hello & welcome.","","c1.g"',
    '"2","1","2000","3500","Interviewer","interrupted","What did you <draw>?","What did you <draw>?","","c1.q"',
    `"3","1","3600","5000","Candidate","final","What did you <draw>?","'=HYPERLINK(""x"")\n\n2. --> maps","","c1.a"`,
    '"4","1","","","Candidate","inaudible","What did you <draw>?","[inaudible]","","c1.b"',
    '"5","","","","","missing","","[words may be missing here]","",""',
    '"6","2","120250","3721000","Candidate","final","What did you <draw>?","أرسم خرائط.","*I* draw\nmaps.","c2.a"',
    '',
  ]);
});

it('Markdown', () => {
  expect(markdown(timelineOf(talk), talk)).toBe(`# Interview transcript

- Session: 9b2a3a4e-7a0e-4a0c-8f44-000000000001
- Started: 2026-11-24T09:00:00.000Z
- Length: 3:00
- Version: 2
- Fingerprint (SHA-256): ${'f'.repeat(64)}
- Ranges of rows that never came: 1
- Calls that nobody supervised: 2

**Interviewer** · 0:00

Hello \\& welcome.

## What did you \\<draw\\>?

**Interviewer** · 0:02 · *\\[interrupted\\]*

What did you \\<draw\\>?

**Candidate** · 0:03

\\=HYPERLINK("x")\\
2\\. --\\> maps

**Candidate** · *\\[inaudible\\]*

\\[words may be missing here\\]

---

*The call was made again.*

**Candidate** · 2:00

أرسم خرائط.

> The candidate’s own wording:\\
> \\*I\\* draw\\
> maps.
`);
});

describe('a spreadsheet runs nothing that somebody said', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '  =1', '＝1', '＠x', "|cmd|'/C x'!A0"])(
    '%j',
    (text) => {
      const talk = exported([line('c1.a', 'candidate', text)]);
      const [, row = ''] = csv(timelineOf(talk), talk).split('\r\n');
      expect(row).toContain(`,"'${text.replaceAll('"', '""')}",`);
    },
  );
});

describe('captions', () => {
  const captions = (...utterances: unknown[]) =>
    [...webvtt(timelineOf(exported(utterances))).matchAll(/^(\S+) --> (\S+)$/gm)].map(
      ([, start, end]) => [start, end],
    );

  it('never begin before the one before, and can be seen', () => {
    const times = captions(
      line('c1.a', 'interviewer', 'Late.', { started_ms: 5000, ended_ms: 5100 }),
      line('c1.b', 'candidate', 'Early.', { started_ms: 4000, ended_ms: 4500 }),
    );
    expect(times).toEqual([
      ['00:00:05.000', '00:00:06.000'],
      ['00:00:05.000', '00:00:06.000'],
    ]);
  });

  it('of lines without times stay as long as it takes to read them', () => {
    const times = captions(
      line('c1.a', 'candidate', 'x'.repeat(45)),
      line('c1.b', 'candidate', 'y'),
    );
    expect(times).toEqual([
      ['00:00:00.000', '00:00:03.000'],
      ['00:00:03.000', '00:00:04.000'],
    ]);
  });

  it.each([
    ['a\n\nb', 'a\nb'],
    ['\u2028 a \r\n \r\n', 'a'],
    ['{\\an8}a', '{ \\an8}a'],
    ['<i>a</i>', '‹i›a‹/i›'],
    ['\u202Eabc', 'abc'],
    ['\u2069שלום\u202E', '\u2068שלום\u2069'],
    ['1\n00:00:00,000 --> 00:00:01,000', '1\n00:00:00,000 --› 00:00:01,000'],
    ['  ', '[no words]'],
  ])('in SubRip: %j', (text, expected) => {
    const second = { started_ms: 0, ended_ms: 1000 };
    expect(srt(timelineOf(exported([line('c1.a', 'candidate', text, second)])))).toBe(
      `1\n00:00:00,000 --> 00:00:01,000\nCandidate: ${expected}\n`,
    );
  });
});

describe('holes', () => {
  const missing = (source: string, after: string | null) => ({
    missing: [{ source, rows: 1, lost: true, after }],
  });
  const two = (source: string) => [
    line('c1.a', 'candidate', 'One.', { source }),
    line('c1.b', 'candidate', 'Two.', { source }),
  ];
  const kinds = (utterances: unknown[], fields: Fields) =>
    timelineOf(exported(utterances, fields)).map(({ kind }) => kind);

  it.each([
    ['of a page that the server has too are none', 'server', 'browser', 'c1.a', ['line', 'line']],
    [
      'of a page alone stand where they are',
      'browser',
      'browser',
      'c1.a',
      ['line', 'missing', 'line'],
    ],
    ['of the server too', 'server', 'server', 'c1.b', ['line', 'line', 'missing']],
    ['before all else come first', 'browser', 'browser', null, ['missing', 'line', 'line']],
    [
      'behind a piece of a line stand behind it',
      'server',
      'server',
      'c1.a~2',
      ['line', 'missing', 'line'],
    ],
  ])('%s', (_, source, from, after, expected) => {
    expect(kinds(two(source), missing(from, after))).toEqual(expected);
  });
});

it('a report from before there were calls, sources and questions in it can be exported', () => {
  const old = InterviewReport.parse({
    ...base,
    utterances: [line('c1.a', 'candidate', 'Hello.', { source: undefined, started_ms: 500 })],
    questions: [{ id: 'q', text: 'Q?', status: 'asked' }],
  });
  const parts = timelineOf({ revision: 1, report: old, corrections: [] });
  expect(parts).toMatchObject([{ kind: 'line', start: 500 }]);
});
