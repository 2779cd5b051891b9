/** How the candidate likes to see the talk. */
export interface Preferences {
  /** Steps above our size of captions: 0, 1 or 2. */
  readonly captionSize: 0 | 1 | 2;
  readonly time: boolean;
  readonly transcript: boolean;
}

/** Under this name the browser keeps them; they tell nothing of an interview. */
const KEY = 'ai-interview-room.view';

const ours: Preferences = { captionSize: 0, time: true, transcript: true };

/** What the browser kept; ours for what is not there or not right, and where nothing may be kept. */
export function keptPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<
      keyof Preferences,
      unknown
    >;
    const size = kept.captionSize;
    return {
      captionSize: size === 1 || size === 2 ? size : 0,
      time: kept.time !== false,
      transcript: kept.transcript !== false,
    };
  } catch {
    return ours;
  }
}

export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // They hold for this page then.
  }
}
