/** Makes text storable in Postgres and JSON: no lone surrogates, no NUL (both become U+FFFD). */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
