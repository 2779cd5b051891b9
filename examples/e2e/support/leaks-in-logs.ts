import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Said, written or sent by the test of the logs wherever a person or a secret has a place; found in no log. */
export const canaries = {
  name: 'Quetzalia Ombrosvar',
  email: 'quetzalia.ombrosvar@canary.example',
  answers: [
    'Yes, the zorblatt is ready.',
    'I led the redesign of the flimsywhistle and halved the errors of our customers.',
    'We disagreed about the gronkmeister and tried both ways for a week.',
    'No, thank you, dear plinthwobble.',
  ],
  typed: 'The snorfblaster is typed by hand.',
  note: 'I would like a human, said the wumpelstilt.',
  feedback: 'The crumblefitz was friendly.',
  correction: 'I led the redesign of the quibblestone.',
  row: 'A line with the vexlorp in it.',
  token: 'frobnicatorial-token-0123456789',
};

/** What must stand in no line, whoever it belongs to. */
const shapes = [
  /\beyJ[\w-]{8,}/,
  /a=(?:ice-pwd|ice-ufrag|fingerprint):(?!\(hidden\))/,
  /\b(?:inv_|ik_|sk-|sb_secret_)[\w-]{8,}/,
  /[\w.+-]+@[\w-]+\.(?:com|org|example|test)\b/,
];

/** A word of each canary that no honest line has. */
const words = JSON.stringify(canaries)
  .split(/[^\w-]+/)
  .filter((word) =>
    /^(?:quetzal|ombros|zorb|flimsy|gronk|plinth|snorf|wumpel|crumble|quibble|vexl|frobn)/i.test(
      word,
    ),
  );

/** Every line of the logs of a folder that tells what it must not. */
export function leaksIn(folder: string, further: readonly string[] = []): string[] {
  const forbidden = [...words, ...further];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => {
          const low = line.toLowerCase();
          const tells = (word: string): boolean => low.includes(word.toLowerCase());
          return shapes.some((shape) => shape.test(line)) || forbidden.some(tells);
        })
        .map((line) => `${name}: ${line}`),
    );
}
