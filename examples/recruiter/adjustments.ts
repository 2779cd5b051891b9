import type { AdjustmentRequest, Multiplier } from './adjustment-rows.ts';
import { decide } from './decide.ts';
import { button, byId, make, showItems, timeOf } from './document.ts';
import type { Recruiting, Session } from './recruiting.ts';
import { nameOf } from './session-list.ts';

const kindWords: Record<AdjustmentRequest['kind'], string> = {
  adjustment: 'Asks for an adjustment',
  human: 'Asks for a person',
  help: 'Asks for help',
};

const timeWords: Record<Multiplier, string> = {
  1: 'the time as planned',
  1.25: 'a quarter more time',
  1.5: 'half as much time again',
  2: 'twice the time',
  none: 'no time limit',
};

const modeWords = { voice: 'by voice as well', text: 'in writing as well' };

/** What was decided on a request, in words. */
export function decisionOf({ adjustment_decisions: decisions }: AdjustmentRequest): string | null {
  const newest = decisions.toSorted((a, b) => b.id - a.id)[0];
  if (!newest) return null;
  const mode = newest.mode === null ? '' : `, ${modeWords[newest.mode]}`;
  return `${timeWords[newest.multiplier]}${mode}`;
}

/** Whose requests are shown, by somebody who may decide. */
interface Decider {
  recruiting: Recruiting;
  session: Session;
  refresh: () => Promise<void>;
}

/** What somebody asks for, and what was decided, as lines of an entry. */
export function requestLines(request: AdjustmentRequest): HTMLElement[] {
  const { kind, note, unasked } = request;
  const decision = decisionOf(request);
  const asked = note === '' ? kindWords[kind] : `${kindWords[kind]}: “${note}”`;
  const decided = decision === null ? 'Nothing was decided yet.' : `Decided: ${decision}.`;
  return [
    ...(unasked ? [] : [make('p', 'asked', asked)]),
    ...(decision === null && kind === 'help' ? [] : [make('p', 'note', decided)]),
  ];
}

/** Shows the requests of a session; left alone while they are the same, so that the focus stays. */
export function showRequests(requests: readonly AdjustmentRequest[], by: Decider | null): void {
  const isBegun = by !== null && by.session.started_at !== null;
  const mayDecide = by !== null && !isBegun && by.session.status === 'created';
  byId('requests', HTMLElement).hidden = requests.length === 0 && !mayDecide;
  const list = byId('requests-list', HTMLUListElement);
  const mark = JSON.stringify([requests, mayDecide, isBegun, by?.session.id]);
  if (list.dataset['mark'] === mark) return;
  list.dataset['mark'] = mark;
  byId('requests-said', HTMLElement).textContent = isBegun
    ? 'The interview has begun, so its time stands as it is.'
    : '';
  byId('requests-actions', HTMLElement).replaceChildren(
    ...(by !== null && mayDecide && requests.length === 0 ? [decideButton(by, null)] : []),
  );
  showItems(
    list,
    requests.map((request) => {
      const item = make('li', 'entry', ...requestLines(request));
      item.append(make('p', 'note', timeOf(request.asked_at)));
      if (by !== null && mayDecide && request.kind !== 'help') {
        item.append(make('div', 'row', decideButton(by, request)));
      }
      return item;
    }),
  );
}

function decideButton(by: Decider, request: AdjustmentRequest | null): HTMLButtonElement {
  const { recruiting, session, refresh } = by;
  const target = request === null ? { p_session: session.id } : { p_adjustment: request.id };
  const name = nameOf(session);
  const label = request === null ? 'Adjust' : 'Decide';
  const made = button(label, 'quiet', async () => {
    if (!(await decide(recruiting, { name, target, request }))) return;
    await refresh();
    // What was pressed may be gone.
    byId('requests-title', HTMLElement).focus({ preventScroll: true });
  });
  made.ariaLabel = `${label}: ${request?.note || name}`;
  return made;
}
