import type { Ports } from '../options.ts';

/** Listens to what happens to this page. Outside a browser nothing ever does. */
export const listenToPage: Ports['onPage'] = (wanted, listener, signal) => {
  if (!('document' in globalThis)) return;
  const { connection } = navigator as Navigator & { connection?: EventTarget };
  const heard: Readonly<Record<typeof wanted, () => void>> = {
    leave: () => addEventListener('pagehide', listener, { signal }),
    return: () =>
      addEventListener('pageshow', ({ persisted }) => persisted && listener(), { signal }),
    visible: () =>
      document.addEventListener(
        'visibilitychange',
        () => document.visibilityState === 'visible' && listener(),
        { signal },
      ),
    network: () => {
      addEventListener('online', listener, { signal });
      connection?.addEventListener('change', listener, { signal });
    },
  };
  heard[wanted]();
};
