import { describe, expect, it } from 'vitest';
import { answerOf, hintOf, OwnItems } from './own-items.ts';

function itemsOf(secret: string): OwnItems {
  const items = new OwnItems();
  items.signWith(secret);
  return items;
}

describe('items of the supervisors of a call', () => {
  it('are known to each of them, and to nobody else’s', () => {
    const key = itemsOf('one').newKey();
    const next = itemsOf('one');
    for (const id of [hintOf(key), answerOf(key)]) {
      expect(id.length).toBeLessThanOrEqual(32);
      expect(next.has(id)).toBe(true);
      expect(next.isOfAnother(id)).toBe(true);
      expect(itemsOf('another').has(id)).toBe(false);
      expect(new OwnItems().has(id)).toBe(false);
    }
  });

  it.each(['ivr_s_', 'ivr_s_AAAAAAAAAAAAAAAAAAAAAAAA', 'ivr_s_AAAA', 'item_1', ''])(
    'are not made up by a page: %s',
    (id) => {
      expect(itemsOf('one').has(id)).toBe(false);
    },
  );

  it('are one’s own where one made them, whatever they are called', () => {
    const items = itemsOf('one');
    items.add('ivr_r_1');
    const own = items.newId();
    items.add(own);
    expect([items.has('ivr_r_1'), items.has(own)]).toEqual([true, true]);
    expect(items.isOfAnother(own)).toBe(false);
  });
});
