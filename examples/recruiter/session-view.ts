import { confirmed } from './confirm.ts';
import { button, byId, clock, make } from './document.ts';
import type { Line, Recruiting, Report, Session } from './recruiting.ts';
import { dateOf, nameOf, statusOf } from './session-list.ts';

const endWords: Record<string, string> = {
  completed: 'Went through to the end',
  candidate_ended: 'Ended by the candidate',
  time_up: 'Time was up',
  withdrawn: 'The candidate withdrew',
  technical: 'Ended for a technical reason',
  absent: 'The candidate was gone',
  abuse: 'Ended for abuse',
  staff: 'Ended by staff',
};

const notes: Partial<Record<Line['status'], string>> = {
  interrupted: 'The candidate came in here.',
  failed: 'This could not be transcribed.',
  inaudible: 'This could not be heard.',
};

/** Shows who it is and where the talk stands. */
export function showHead(session: Session): void {
  byId('session-title', HTMLElement).textContent = nameOf(session);
  const ended = session.end_reason === null ? '' : ` · ${endWords[session.end_reason] ?? ''}`;
  byId('session-facts', HTMLElement).replaceChildren(
    statusOf(session),
    ` · ${session.interviews?.title ?? 'Interview'} · ${dateOf(session)}${ended}`,
  );
}

/** Shows what can be done with a session; left alone while it is the same, so that the focus stays. */
export function showActions(session: Session, recruiting: Recruiting, mayWrite: boolean): void {
  const bar = byId('session-actions', HTMLElement);
  const mark = JSON.stringify([session.id, session.status, session.device_open, mayWrite]);
  if (bar.dataset['mark'] === mark) return;
  bar.dataset['mark'] = mark;
  bar.replaceChildren();
  const isOpen = session.status === 'created' || session.status === 'active';
  if (!isOpen || !mayWrite) return;
  if (session.device_open) {
    bar.append(
      make('p', 'note', 'The next device that opens the link goes on with this interview.'),
    );
    return;
  }
  const trouble = make('p', 'trouble');
  trouble.role = 'alert';
  const allow = async (): Promise<void> => {
    const sure = await confirmed(
      `Let ${nameOf(session)} go on with another device?`,
      'Whoever opens the link next, on whatever device, goes on with this interview. Ask the candidate first that it is them. It is written down.',
      'Allow another device',
    );
    if (!sure) return;
    await recruiting.call('allow_another_device', { p_session: session.id });
    showActions({ ...session, device_open: true }, recruiting, mayWrite);
  };
  bar.append(
    button('Allow another device', 'quiet', allow, (words) => {
      trouble.textContent = words;
    }),
    trouble,
  );
}

/** Shows the transcript; lines that stand already are left alone, so that a reader's selection stays. */
export function showTranscript(lines: readonly Line[], growing: boolean): void {
  const list = byId('transcript', HTMLOListElement);
  lines.forEach((line, index) => {
    const shown = list.children[index];
    const mark = JSON.stringify(line);
    if (shown instanceof HTMLElement && shown.dataset['mark'] === mark) return;
    const item = lineItem(line);
    item.dataset['mark'] = mark;
    if (shown) shown.replaceWith(item);
    else list.append(item);
  });
  while (list.children.length > lines.length) list.lastElementChild?.remove();
  const nothing = lines.length === 0 ? 'Nothing has been said yet.' : '';
  byId('transcript-state', HTMLElement).textContent = growing
    ? nothing || 'The talk goes on; new lines appear by themselves.'
    : nothing;
}

function lineItem(line: Line): HTMLLIElement {
  const speaker = line.role === 'candidate' ? 'Candidate' : 'Interviewer';
  const head = make('h4', '', speaker);
  if (line.started_ms !== null) head.append(make('time', '', clock(line.started_ms)));
  const item = make('li', line.role, head, make('p', '', line.text || '…'));
  const note = notes[line.status];
  if (note !== undefined) item.append(make('p', 'note', note));
  return item;
}

/** Shows the report, with how each question went where that is known, or nothing while there is none. */
export function showReport(
  report: Report | null,
  went: ReadonlyMap<string, string> = new Map(),
): void {
  byId('report', HTMLElement).hidden = report === null;
  if (!report) return;
  const asked = report.questions.filter(({ status }) => status === 'asked').length;
  const facts: [string, string][] = [
    ['Length', report.duration_s === null ? 'unknown' : clock(report.duration_s * 1000)],
    ['Questions asked', `${asked} of ${report.questions.length}`],
    ['Candidate’s turns', String(report.counts.candidate)],
    ['Interviewer’s turns', String(report.counts.interviewer)],
    ['Gaps', report.counts.gaps === 0 ? 'None' : String(report.counts.gaps)],
    [
      'Supervised',
      (report.unsupervised_calls ?? []).length === 0 ? 'Yes' : 'No, or not throughout',
    ],
    ['Fingerprint', report.transcript_sha256.slice(0, 12)],
  ];
  byId('report-facts', HTMLElement).replaceChildren(
    ...facts.map(([term, value]) => make('div', '', make('dt', '', term), make('dd', '', value))),
  );
  byId('report-questions', HTMLElement).replaceChildren(
    ...report.questions.map(({ id, text, status }) => {
      const how = status === 'asked' ? (went.get(id) ?? '') : 'not asked';
      return make('li', status, how === '' ? text : `${text} (${how})`);
    }),
  );
}
