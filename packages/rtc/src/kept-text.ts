/**
 * What this site keeps under a name, from this visit or an earlier one. A browser that keeps nothing is no fault.
 *
 * @param text keeps this from now on; null forgets it
 * @returns what is kept, also where it can be kept for this page only
 */
export function keptText(
  storage: Storage | null,
  name: string,
  text?: string | null,
): string | undefined {
  const key = `interview-room:${name}`;
  try {
    if (text === null) storage?.removeItem(key);
    else if (text !== undefined) storage?.setItem(key, text);
    return text ?? storage?.getItem(key) ?? undefined;
  } catch {
    // Full or forbidden.
    return text ?? undefined;
  }
}
