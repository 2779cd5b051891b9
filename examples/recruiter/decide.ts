import type { AdjustmentRequest } from './adjustment-rows.ts';
import { byId, valueOf, wordsOf } from './document.ts';
import type { Recruiting } from './recruiting.ts';

/** Who it is for and what it hangs on: a request, an invitation or a session, as the database names them. */
export interface ToDecide {
  name: string;
  target: Record<string, unknown>;
  request: AdjustmentRequest | null;
}

/** Lets somebody decide on more time and another mode. Resolves to whether anything was decided; Escape is no. */
export function decide(
  recruiting: Recruiting,
  { name, target, request }: ToDecide,
): Promise<boolean> {
  const dialog = byId('decide', HTMLDialogElement);
  const form = byId('decide-form', HTMLFormElement);
  const trouble = byId('decide-trouble', HTMLElement);
  const former = request?.adjustment_decisions.toSorted((a, b) => b.id - a.id)[0];
  byId('decide-title', HTMLElement).textContent = `What ${name} gets`;
  byId('decide-asked', HTMLElement).textContent = request?.note ? `“${request.note}”` : '';
  byId('decide-time', HTMLSelectElement).value = former?.multiplier ?? '1';
  byId('decide-mode', HTMLSelectElement).value = former?.mode ?? '';
  trouble.textContent = '';
  let isDecided = false;
  const save = async (): Promise<void> => {
    const { decided } = await recruiting.call<{ decided: boolean }>('decide_adjustment', {
      p_multiplier: valueOf(form, 'time'),
      p_mode: valueOf(form, 'mode') || null,
      ...target,
    });
    if (!decided)
      throw new Error('The interview has begun, so nothing was changed: its clock runs.');
    isDecided = true;
    dialog.close();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    trouble.textContent = '';
    save().catch((error: unknown) => {
      trouble.textContent = wordsOf(error);
    });
  };
  byId('decide-cancel', HTMLButtonElement).onclick = () => dialog.close();
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(isDecided), { once: true });
  });
}
