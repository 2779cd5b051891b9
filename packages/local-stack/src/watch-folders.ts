import { watch } from 'node:fs';

/** An editor writes a file in several steps, and several files at once, milliseconds. */
const QUIET_MS = 100;

/**
 * Calls `changed` when something below one of the folders changed: once for changes that come together, and never while
 * an earlier call is still at work.
 *
 * @returns what ends it
 */
export function watchFolders(folders: readonly string[], changed: () => Promise<void>): () => void {
  const state = { working: false, due: false };
  let timer: NodeJS.Timeout | undefined;
  const notice = (): void => {
    state.due = true;
    if (state.working) return;
    clearTimeout(timer);
    timer = setTimeout(() => void work(), QUIET_MS);
  };
  const work = async (): Promise<void> => {
    Object.assign(state, { working: true, due: false });
    await changed();
    state.working = false;
    if (state.due) notice();
  };
  const watchers = folders.map((folder) => watch(folder, { recursive: true }, notice));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
