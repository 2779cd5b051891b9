import { describe, expect, it } from 'vitest';
import { SILENCE_FRAME } from './opus-frames.ts';
import { Player } from './player.ts';

/** A player on a clock of its own, whose every text has ten frames marked with its first letter. */
function setUp(): {
  player: Player;
  sent: Uint8Array[];
  told: string[];
  say: (text: string) => ReturnType<Player['say']>;
  pass: (ms: number) => void;
} {
  const sent: Uint8Array[] = [];
  const told: string[] = [];
  let now = 0;
  const speech = {
    frames: (text: string) => Promise.resolve(Array.from({ length: 10 }, () => Buffer.from(text))),
  };
  const player = new Player(
    speech,
    (frame) => sent.push(frame),
    () => now,
  );
  const say = (text: string): ReturnType<Player['say']> =>
    player.say(text, {
      started: () => told.push(`${text} started`),
      ended: () => told.push(`${text} ended`),
    });
  const pass = (ms: number): void => {
    for (const end = now + ms; now < end;) {
      now += 10;
      player.tick();
    }
  };
  return { player, sent, told, say, pass };
}

/** Lets promises settle. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const audible = (sent: readonly Uint8Array[]): string =>
  sent
    .map((frame) => (frame === SILENCE_FRAME ? '.' : String.fromCharCode(frame[0] ?? 0)))
    .join('');

describe('the player', () => {
  it('sends a frame every 20 ms however its timer jitters', () => {
    const { player, sent, pass } = setUp();
    player.tick();
    pass(1000);
    expect(sent).toHaveLength(51);
  });

  it('plays one text after the other and tells when each begins and ends', async () => {
    const { sent, told, say, pass } = setUp();
    const first = say('a');
    say('b');
    await settle();
    expect(first.durationMs).toBe(200);
    pass(600);
    expect(audible(sent)).toMatch(/^\.?a{10}\.b{10}\.+$/);
    expect(told).toEqual(['a started', 'a ended', 'b started', 'b ended']);
    expect(first.heardMs).toBe(200);
  });

  it('stops at once, tells what was heard and goes on with the next', async () => {
    const { sent, told, say, pass } = setUp();
    const first = say('a');
    await settle();
    pass(100);
    const heard = first.stop();
    say('b');
    await settle();
    pass(400);
    expect(heard).toBe(20 * audible(sent).split('a').slice(1).length);
    expect(heard).toBeLessThan(200);
    expect(told).toEqual(['a started', 'b started', 'b ended']);
  });

  it('plays no more than was generated', async () => {
    const { sent, told, say, pass } = setUp();
    const playback = say('a');
    playback.limit(0.5);
    await settle();
    pass(400);
    expect(audible(sent).replaceAll('.', '')).toBe('aaaaa');
    expect(told).toEqual(['a started', 'a ended']);
  });

  it('gives up what a stall made late instead of sending it in a burst', async () => {
    let now = 0;
    let sent = 0;
    const player = new Player(
      { frames: () => Promise.resolve([]) },
      () => (sent += 1),
      () => now,
    );
    player.tick();
    now = 5000;
    player.tick();
    expect(sent).toBeLessThan(5);
    await settle();
  });
});
