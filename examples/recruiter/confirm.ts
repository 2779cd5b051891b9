import { byId } from './document.ts';

/** Asks before something that can't be undone. Resolves to whether the answer was yes; Escape is no. */
export function confirmed(question: string, details: string, yes: string): Promise<boolean> {
  const dialog = byId('confirm', HTMLDialogElement);
  byId('confirm-title', HTMLElement).textContent = question;
  byId('confirm-details', HTMLElement).textContent = details;
  byId('confirm-yes', HTMLElement).textContent = yes;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
