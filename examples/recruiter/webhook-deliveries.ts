import { button, byId, make, showItems, timeOf } from './document.ts';
import type { Recruiting } from './recruiting.ts';
import type { Delivery, Endpoint } from './webhook-rows.ts';
import { eventWords } from './webhook-events.ts';

const stateWords: Record<Delivery['status'], string> = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  dead: 'Given up',
};

/** Colours of the page's style. */
const stateClasses: Record<Delivery['status'], string> = {
  waiting: 'open',
  delivered: 'completed',
  dead: 'failed',
};

const errorWords: Record<string, string> = {
  address_refused: 'the address is not one of the public internet',
  unresolved: 'the name is unknown',
  timeout: 'no answer in time',
  unreachable: 'no connection',
  disabled: 'the endpoint is switched off',
};

/** What the lists of deliveries need to know. */
export interface DeliveryActions {
  recruiting: Recruiting;
  endpoints: readonly Endpoint[];
  refresh: () => Promise<void>;
}

/** Shows what was given up, where anything was, and what is under way or has arrived. */
export function showDeliveries(
  dead: readonly Delivery[],
  others: readonly Delivery[],
  actions: DeliveryActions,
): void {
  byId('dead-letters', HTMLElement).hidden = dead.length === 0;
  byId('no-deliveries', HTMLElement).hidden = others.length > 0;
  for (const [id, deliveries] of [
    ['dead-list', dead],
    ['deliveries', others],
  ] as const) {
    const list = byId(id, HTMLUListElement);
    // Asked for every two seconds: what is the same is left alone, so that a selection stays.
    const mark = JSON.stringify([deliveries, actions.endpoints]);
    if (list.dataset['mark'] === mark) continue;
    list.dataset['mark'] = mark;
    showItems(
      list,
      deliveries.map((delivery) => row(delivery, actions)),
    );
  }
}

function row(delivery: Delivery, { recruiting, endpoints, refresh }: DeliveryActions) {
  const { id, type, status, session_id: session } = delivery;
  const endpoint = endpoints.find((one) => one.id === delivery.endpoint_id);
  const name = eventWords[type] ?? type;
  const trouble = make('p', 'trouble');
  trouble.role = 'alert';
  const item = make(
    'li',
    'entry',
    make('h3', 'name', name),
    make('span', `status ${stateClasses[status]}`, stateWords[status]),
    make('p', 'note', aboutOf(delivery, endpoint)),
  );
  const bar = make('div', 'row');
  if (status !== 'waiting') {
    const replay = async (): Promise<void> => {
      await recruiting.call(
        'replay_delivery',
        { p_delivery: id },
        { unsupported: 'This endpoint is switched off. Switch it on first.' },
      );
      await refresh();
    };
    const made = button('Replay', 'quiet', replay, (words) => {
      trouble.textContent = words;
    });
    made.ariaLabel = `Replay: ${name}, ${timeOf(delivery.created_at)}`;
    bar.append(made);
  }
  if (session !== null) {
    const link = make('a', 'quiet', 'Read the session');
    link.href = `#session=${session}`;
    bar.append(link);
  }
  if (bar.childElementCount > 0) item.append(bar);
  item.append(trouble);
  return item;
}

function aboutOf(delivery: Delivery, endpoint: Endpoint | undefined): string {
  const { status, attempts, last_status: code, last_error: error, next_at: next } = delivery;
  const why = error === null ? null : (errorWords[error] ?? null);
  return [
    endpoint?.url ?? 'An endpoint',
    timeOf(delivery.created_at),
    attempts === 0 ? null : attempts === 1 ? '1 attempt' : `${attempts} attempts`,
    code === null ? null : `answered ${code}`,
    why,
    status === 'waiting' && next !== null && attempts > 0 ? `again ${timeOf(next)}` : null,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
