import { storableText } from '@interview/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../tests/database.ts';
import { post, settings } from '../../tests/functions.ts';
import { makeTenant, newWriter, openCall, row, startSession } from '../../tests/world.ts';
import { transcriptHandler } from './handler.ts';

let database: Database;
let session: string;
let call: string;
beforeAll(async () => {
  database = await openDatabase();
  session = await startSession(database, await makeTenant(database, 'northwind'));
  call = await openCall(database, session);
}, 60_000);
afterAll(() => database.close());

/** Sends each text as a line of its own and returns what is read of them. */
async function roundTrip(texts: readonly string[]): Promise<unknown[]> {
  const writer = newWriter();
  const handle = transcriptHandler({
    ...settings,
    rpc: database.rpc,
    now: Date.now,
    log: () => undefined,
  });
  const entries = texts.map((text, index) =>
    row(writer, index + 1, call, `${writer}_${index}`, { text }),
  );
  const reply = await handle(
    post(
      { session_id: session, writer_id: writer, entries },
      { apikey: settings.secretKeys[0] ?? '' },
    ),
  );
  expect(await reply.json()).toMatchObject({ last_sequence: texts.length, refused: [] });
  const rows = await database.sql(
    `select text from public.transcript_current where session_id = $1 and starts_with(entry_id, $2) order by ordinal`,
    session,
    `${call}.${writer}_`,
  );
  return rows.map(({ text }) => text);
}

/** Texts that have broken databases, parsers and pages before; each must come back as it was said. */
const naughty = [
  '',
  ' \t\n\r\v\f\u0085\u2028\u2029\u200b\ufeff',
  '\u0001\u0008\u001b[31m\u007f\u009f',
  `'; drop table transcript_entries; --`,
  `\\'\\"\\\\ \\x41 \\u0041 \\N $$ $1 %s %n {} \${x} {{7*7}}`,
  '<script>alert(1)</script>&lt;&amp;]]>',
  '{"__proto__":{"a":1}} null undefined NaN -0 1e1000 true',
  'e\u0301 é ﬁ Å Å İı ß ẞ ǆ ς',
  '田中さんにあげて下さい 部落格 사회과학원 ⦁ 𠜎𠜱𠝹𠱓',
  'هُنَاكَ שָׁלוֹם \u202eevil\u202c \u2066x\u2069',
  '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏿 🇨🇭🇺🇸 ✍🏻 \ufffd\uffff\u{10ffff}\u{1f9ff}',
  'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤',
];

it('brings every naughty text back as it was said', async () => {
  expect(await roundTrip(naughty)).toEqual(naughty);
});

it('brings back whatever can be said; NUL and halves of characters become replacement characters', async () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
  const text = fc.array(unit, { maxLength: 30 }).map((units) => units.join(''));
  const texts = fc.array(text, { minLength: 100, maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(texts, async (said) => {
      expect(await roundTrip(said)).toEqual(said.map(storableText));
    }),
    { numRuns: 5 },
  );
});
