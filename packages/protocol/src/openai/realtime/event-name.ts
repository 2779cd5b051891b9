/**
 * The name of an event in today's API, where the words that a model speaks and those that it writes have one. The API
 * that was removed on 2026-05-12 had no `output_` in these names; compatible servers still have none.
 */
export function eventName(type: string): string {
  return type.replace(/^response\.(output_)?(audio_transcript|text)(?=\.d)/, 'response.text');
}
