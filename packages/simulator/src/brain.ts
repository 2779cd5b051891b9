import type { Item } from './conversation/items.ts';
import type { Tool, ToolChoice } from './conversation/session-schema.ts';

/** All that a model knows when it makes a response. */
export interface Situation {
  items: readonly Item[];
  tools: readonly Tool[];
  toolChoice: ToolChoice;
  /** Of this response alone. */
  instructions: string | undefined;
}

/** What it does. */
export type Decision =
  | { kind: 'say'; text: string }
  | { kind: 'call'; name: string; arguments: Record<string, unknown> };

/** Sentences of its own. */
export const phrases = {
  goOn: "Please go on, I'm listening.",
  thanks: 'Thank you.',
  unclear: "Sorry, I didn't catch that. Could you say it again, please?",
  confirmEnd: 'Would you like to end the interview now?',
  passOn: "I'll pass that on to the team. Is there anything else you would like to ask?",
  hello: "Hello. I'm a simulated interviewer. What would you like to talk about?",
  small: [
    'Thank you. Please tell me more.',
    'I see. Please go on.',
    'Thank you. What happened next?',
  ],
  goodbye: 'Thank you, and goodbye.',
} as const;

/** Whoever says more than this does not only ask for a moment. */
const MOMENT_WORDS = 10;

/** What a tool returned, read tolerantly. */
interface ToolResult {
  name: string;
  ok: boolean;
  phase: string | null;
  question: { id: string; text: string } | null;
  say: string | null;
  code: string | null;
  current: string | null;
  closingText: string | null;
}

/**
 * Decides as a model would that follows its instructions and tools: pure, and with no side knowledge of the server.
 *
 * @example
 * decide({ items: [], tools: [], toolChoice: 'auto', instructions: 'Greet.\nSay exactly: Good morning.' });
 * // { kind: 'say', text: 'Good morning.' }
 */
export function decide(situation: Situation): Decision {
  const exact = exactWords(situation.instructions);
  if (exact !== null) return say(exact);
  const mayInterview =
    situation.toolChoice !== 'none' &&
    situation.tools.some((tool) => tool.name === 'next_question');
  if (!mayInterview) return smallTalk(situation.items);
  const last = situation.items.at(-1);
  const known = { ...situation, items: withoutWaiting(situation.items) };
  if (last?.kind === 'output' && known.items.includes(last)) return afterTool(known);
  if (last?.kind === 'speech' || (last?.kind === 'text' && last.role === 'user')) {
    return afterCandidate(known, last.kind === 'speech' ? last.heard : last.text);
  }
  return say(phrases.goOn);
}

/** A moment that the candidate was given changes nothing in the interview. */
function withoutWaiting(items: readonly Item[]): Item[] {
  const calls = new Set(
    items.flatMap((item) => (item.kind === 'call' && item.name === 'wait' ? [item.callId] : [])),
  );
  return items.filter(
    (item) => !(item.kind === 'call' || item.kind === 'output') || !calls.has(item.callId),
  );
}

/** The text after the last line that begins `Say exactly: `. */
function exactWords(instructions: string | undefined): string | null {
  const found = /(?:^|\n)Say exactly: (?![\s\S]*\nSay exactly: )([\s\S]+)$/.exec(
    instructions ?? '',
  );
  return found?.[1]?.trim() ?? null;
}

function afterTool(situation: Situation): Decision {
  const result = toolResults(situation.items).at(-1);
  if (!result) return say(phrases.goOn);
  if (result.ok) return deliver(result);
  if (result.code === 'stale' && !repeatsItself(situation.items)) {
    return nextQuestion(situation, result.current, 'answered');
  }
  if (result.code === 'not_confirmed') return say(phrases.confirmEnd);
  if (result.code === 'not_delivered') {
    return say(lastWords(situation.items, result.current) ?? phrases.goOn);
  }
  return say(phrases.goOn);
}

function deliver(result: ToolResult): Decision {
  if (result.closingText !== null) return say(result.closingText);
  if (result.question) return say(`${phrases.thanks} ${result.question.text}`);
  if (result.say !== null) return say(result.say);
  if (result.phase === 'closing') {
    return {
      kind: 'call',
      name: 'end_interview',
      arguments: { reason: 'completed', confirmed: true },
    };
  }
  return say(phrases.goOn);
}

function afterCandidate(situation: Situation, heard: string | null): Decision {
  const { items } = situation;
  const result = toolResults(items).at(-1);
  if (waitsForTool(items)) return say(phrases.goOn);
  if (result?.ok && !spokeAfterLastOutput(items)) return deliver(result);
  if (result?.closingText) return say(phrases.goodbye);
  if (heard !== null && heard.trim() === '') return say(phrases.unclear);
  const words = (heard ?? '').toLowerCase();
  if (lastSpoken(items) === phrases.confirmEnd && /\b(yes|please do|correct)\b/.test(words)) {
    return {
      kind: 'call',
      name: 'end_interview',
      arguments: { reason: 'candidate_ended', confirmed: true },
    };
  }
  if (/\b(end|stop) (the|this) interview\b/.test(words)) return say(phrases.confirmEnd);
  if (/\b(repeat|say that again|once more)\b/.test(words)) {
    return say(lastSubstance(items) ?? phrases.goOn);
  }
  if (asksForMoment(words) && situation.tools.some((tool) => tool.name === 'wait')) {
    return { kind: 'call', name: 'wait', arguments: { why: 'thinking', hold_s: 60 } };
  }
  const at = position(items);
  if (at === 'candidate_qa' && words.includes('?')) return say(phrases.passOn);
  return nextQuestion(situation, at, reasonOf(words));
}

/** Nothing but that: whoever goes on after it answers. */
function asksForMoment(words: string): boolean {
  const asks =
    /\b(let me think|(give me|i need|just) (a|one) (moment|minute|second)|one moment)\b/.test(
      words,
    );
  return asks && words.trim().split(/\s+/).length <= MOMENT_WORDS;
}

function reasonOf(words: string): string {
  if (/\b(skip|next question)\b/.test(words)) return 'skip';
  if (/\b(i don't know|i do not know|no idea)\b/.test(words)) return 'dont_know';
  return 'answered';
}

function nextQuestion(situation: Situation, from: string | null, reason: string): Decision {
  return {
    kind: 'call',
    name: 'next_question',
    arguments: { from: from ?? position(situation.items), reason },
  };
}

/** Where the interview stands, as far as the tools have told. */
function position(items: readonly Item[]): string {
  let at = 'opening';
  for (const result of toolResults(items)) {
    if (!result.ok) at = result.current ?? at;
    else if (result.question) at = result.question.id;
    else if (result.phase !== null) at = result.phase;
  }
  return at;
}

/** Two refusals in a row as stale: asking a third time would go on for ever. */
function repeatsItself(items: readonly Item[]): boolean {
  const [before, last] = toolResults(items).slice(-2);
  return before?.code === 'stale' && last?.code === 'stale' && before.current === last.current;
}

/** It called a tool, nothing came back yet, and it has not spoken since: then it takes the call for lost. */
function waitsForTool(items: readonly Item[]): boolean {
  const answered = new Set(items.flatMap((item) => (item.kind === 'output' ? [item.callId] : [])));
  const call = items.findLastIndex(
    (item) => item.kind === 'call' && item.status === 'completed' && !answered.has(item.callId),
  );
  return call !== -1 && !items.slice(call).some((item) => item.kind === 'reply');
}

function spokeAfterLastOutput(items: readonly Item[]): boolean {
  const output = items.findLastIndex((item) => item.kind === 'output');
  return items.slice(output + 1).some((item) => item.kind === 'reply');
}

/** The words that told of `current`, or the last thing that was said. */
function lastWords(items: readonly Item[], current: string | null): string | null {
  const asked = toolResults(items).findLast((result) => result.question?.id === current);
  return asked?.question?.text ?? lastSubstance(items);
}

/** The last thing said that was more than a request to go on. */
function lastSubstance(items: readonly Item[]): string | null {
  const passing: string[] = [phrases.goOn, phrases.unclear, phrases.confirmEnd, phrases.passOn];
  return spoken(items).findLast((text) => !passing.includes(text)) ?? null;
}

function lastSpoken(items: readonly Item[]): string | null {
  return spoken(items).at(-1) ?? null;
}

/** Everything the interviewer said, earlier turns that were replayed among it. */
function spoken(items: readonly Item[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'reply' || (item.kind === 'text' && item.role === 'assistant') ? [item.text] : [],
  );
}

function smallTalk(items: readonly Item[]): Decision {
  const turns = items.filter(
    (item) => item.kind === 'speech' || (item.kind === 'text' && item.role === 'user'),
  ).length;
  if (turns === 0) return say(phrases.hello);
  return say(phrases.small[(turns - 1) % phrases.small.length] ?? phrases.goOn);
}

function toolResults(items: readonly Item[]): ToolResult[] {
  const names = new Map(
    items.flatMap((item) => (item.kind === 'call' ? [[item.callId, item.name]] : [])),
  );
  return items.flatMap((item) =>
    item.kind === 'output' ? [readResult(names.get(item.callId) ?? '', item.output)] : [],
  );
}

function readResult(name: string, output: string): ToolResult {
  const fields = readFields(output);
  const question = asFields(fields['question']);
  const id = asText(question['id']);
  const text = asText(question['text']);
  return {
    name,
    ok: fields['ok'] === true,
    phase: asText(fields['phase']),
    question: id !== null && text !== null ? { id, text } : null,
    say: asText(fields['say']),
    code: asText(fields['code']),
    current: asText(fields['current']),
    closingText: asText(fields['closing_text']),
  };
}

function readFields(json: string): Record<string, unknown> {
  try {
    return asFields(JSON.parse(json));
  } catch {
    return {};
  }
}

function asFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function say(text: string): Decision {
  return { kind: 'say', text };
}
