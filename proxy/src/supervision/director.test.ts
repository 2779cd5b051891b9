import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { plan } from '../testing/interview.ts';
import { deadline, start } from '../testing/talk.ts';
import { Director } from './director.ts';
import type { InterviewEffect } from './interview-events.ts';
import { newInterview } from './interview-state.ts';

const began = { type: 'began', now: start, deadline, call: 'call' } as const;

/** A director whose saves end when the test says so. */
function direct(saved: unknown = null, fails: InterviewEffect['type'][] = []) {
  const performed: { effect: InterviewEffect; key: string }[] = [];
  const saves: { saved: unknown; end: (held: boolean) => void }[] = [];
  let fenced = 0;
  let keys = 0;
  const director = new Director({
    plan,
    saved,
    newKey: () => `key ${(keys += 1)}`,
    save: (what) => new Promise((end) => saves.push({ saved: what, end })),
    perform: (effect, key) => {
      if (fails.includes(effect.type)) throw new Error('can not be done');
      performed.push({ effect, key });
    },
    fenced: () => (fenced += 1),
    log: pino({ level: 'silent' }),
  });
  return { director, performed, saves, fenced: () => fenced };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Director', () => {
  it('stops when the save that is under way has ended, and leaves to others what it decided', async () => {
    const { director, performed, saves } = direct();
    void director.input(began);
    await turn();
    let stopped = false;
    const stop = director.stop().then(() => (stopped = true));
    await turn();
    expect(stopped).toBe(false);
    saves[0]?.end(true);
    await stop;
    expect(performed).toEqual([]);

    const next = direct(saves[0]?.saved);
    expect(next.director.state).toMatchObject({ greeted: true, began_in: 'call' });
    await next.director.redo();
    expect(next.performed).toEqual([
      {
        effect: { type: 'say', text: plan.greeting, farewell: false },
        key: expect.any(String) as string,
      },
    ]);
  });

  it('does nothing that it may not save, not even what changes nothing', async () => {
    const { director, performed, saves, fenced } = direct({ ...newInterview(), deadline });
    const repeat = director.input({ type: 'action', kind: 'repeat', now: start });
    await turn();
    saves[0]?.end(false);
    await repeat;
    expect(performed).toEqual([]);
    expect(fenced()).toBe(1);
  });

  it('does again under the same name what it decided last, and only that', async () => {
    const { director, performed, saves } = direct();
    const spoken = director.input(began);
    await turn();
    saves[0]?.end(true);
    await spoken;
    const trouble = director.input({ type: 'trouble', since: start, now: start });
    await turn();
    saves[1]?.end(true);
    await trouble;
    await director.redo();
    const [first, told, again] = performed;
    expect(told?.effect.type).toBe('time');
    expect(again).toEqual(first);
  });

  it('goes on after something that could not be done', async () => {
    const { director, performed, saves } = direct(null, ['say']);
    const spoken = director.input(began);
    await turn();
    saves[0]?.end(true);
    await expect(spoken).resolves.toBeUndefined();
    const trouble = director.input({ type: 'trouble', since: start, now: start });
    await turn();
    saves[1]?.end(true);
    await trouble;
    expect(performed.map(({ effect }) => effect.type)).toEqual(['time']);
    await expect(director.stop()).resolves.toBeUndefined();
  });
});
