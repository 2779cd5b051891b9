import { button, byId, dayOf, make, showItems } from './document.ts';
import type { Plan, Recruiting } from './recruiting.ts';

/** What the list does with a plan. */
export interface PlanActions {
  recruiting: Recruiting;
  mayWrite: boolean;
  isOwner: boolean;
  refresh: () => Promise<void>;
}

/** Shows every plan with its versions, the newest of each first. */
export function showPlans(plans: readonly Plan[], actions: PlanActions): void {
  byId('no-plans', HTMLElement).hidden = plans.length > 0;
  const series = Map.groupBy(plans, (plan) => plan.series_id);
  showItems(
    byId('plans', HTMLUListElement),
    [...series.values()]
      .map((versions) => versions.toSorted((a, b) => b.version - a.version))
      .flatMap(([newest, ...earlier]) => (newest ? [row(newest, earlier, actions)] : [])),
  );
}

function row(plan: Plan, earlier: readonly Plan[], actions: PlanActions): HTMLLIElement {
  const title = make('a', 'name', plan.title);
  title.href = `#plan=${plan.id}`;
  const count = plan.plan.questions.length;
  const about = [
    `Version ${plan.version}`,
    plan.language,
    `${Math.round(plan.duration_s / 60)} minutes`,
    count === 1 ? '1 question' : `${count} questions`,
    plan.rubric && (plan.rubric_approved_at ? 'rubric approved' : 'rubric not approved'),
    plan.external_id,
  ].filter((part) => typeof part === 'string');
  const state = plan.archived_at ? 'revoked' : plan.used_at ? 'active' : 'open';
  const label = plan.archived_at ? 'Archived' : plan.used_at ? 'In use' : 'Not used yet';
  const trouble = make('p', 'trouble');
  trouble.role = 'alert';
  const item = make(
    'li',
    'entry',
    make('h3', '', title),
    make('span', `status ${state}`, label),
    make('p', 'note', about.join(' · ')),
  );
  if (earlier.length > 0) item.append(versionsOf(earlier));
  if (actions.mayWrite) item.append(buttons(plan, actions, trouble));
  item.append(trouble);
  return item;
}

function versionsOf(earlier: readonly Plan[]): HTMLElement {
  const list = make('ul', 'versions');
  for (const plan of earlier) {
    const link = make('a', '', `Version ${plan.version}`);
    link.href = `#plan=${plan.id}`;
    const used = plan.used_at ? `, used from ${dayOf(plan.used_at)}` : '';
    list.append(make('li', 'note', link, used));
  }
  return make('details', '', make('summary', 'note', 'Earlier versions'), list);
}

function buttons(plan: Plan, actions: PlanActions, trouble: HTMLElement): HTMLElement {
  const { recruiting, isOwner, refresh } = actions;
  const bar = make('div', 'row');
  const add = (label: string, name: string, more: Record<string, unknown> = {}): void => {
    const act = async (): Promise<void> => {
      await recruiting.call(name, { p_interview: plan.id, ...more });
      await refresh();
    };
    const tell = (words: string): void => {
      trouble.textContent = words;
    };
    const made = button(label, 'quiet', act, tell);
    made.ariaLabel = `${label}: ${plan.title}`;
    bar.append(made);
  };
  add('Duplicate', 'duplicate_plan');
  if (plan.archived_at) add('Offer again', 'archive_plan', { p_archived: false });
  else add('Archive', 'archive_plan');
  if (isOwner && plan.rubric && !plan.rubric_approved_at)
    add('Approve the rubric', 'approve_rubric');
  return bar;
}
