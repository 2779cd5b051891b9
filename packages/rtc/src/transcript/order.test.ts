import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Order, type Predecessor } from './order.ts';

/** An order in which every item is its own value. */
class Names extends Order<string> {
  get values(): string[] {
    return [...this.backwards()].reverse();
  }

  override place(name: string, after: Predecessor): string[] {
    this.set(name, name);
    return super.place(name, after);
  }
}

const positions = (order: Names): (number | null)[] =>
  order.values.map((name) => order.positionOf(name));

describe('Order', () => {
  it('follows the predecessors in steps of the protocol', () => {
    const order = new Names();
    order.place('a', null);
    order.place('b', 'a');
    order.place('c', 'b');
    expect(order.values).toEqual(['a', 'b', 'c']);
    expect(positions(order)).toEqual([1024, 2048, 3072]);
  });

  it('puts what comes between two rows at their midpoint', () => {
    const order = new Names();
    order.place('a', null);
    order.place('c', 'a');
    order.place('b', 'a');
    expect(order.values).toEqual(['a', 'b', 'c']);
    expect(positions(order)).toEqual([1024, 1536, 2048]);
  });

  it('puts a head that comes late before all, also before what still looks for its place', () => {
    const order = new Names();
    order.place('c', 'b');
    order.append('c');
    order.place('head', null);
    order.place('a', null);
    expect(order.values).toEqual(['a', 'head', 'c']);
    expect(positions(order)).toEqual([-1024, 0, 1024]);
  });

  it('lets the talk go on behind what the provider forgot', () => {
    const order = new Names();
    order.place('a', null);
    order.place('b', 'a');
    order.remove('b');
    order.place('c', 'a');
    expect(order.values).toEqual(['a', 'b', 'c']);
  });

  it('lets a place that was told take the place of none', () => {
    const order = new Names();
    order.place('a', null);
    order.place('b', undefined);
    order.place('c', 'a');
    order.place('b', 'a');
    expect(order.values).toEqual(['a', 'b', 'c']);
  });

  it('moves with a row all that follows it', () => {
    const order = new Names();
    order.place('a', null);
    order.place('d', 'c');
    order.append('d');
    order.place('e', 'd');
    order.place('c', 'b');
    order.append('c');
    expect(order.values).toEqual(['a', 'c', 'd', 'e']);
    expect(order.place('b', 'a')).toEqual(['b', 'c', 'd', 'e']);
    expect(order.values).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('comes to an end where rows are told to follow each other', () => {
    const order = new Names();
    order.place('a', 'b');
    order.place('b', 'a');
    order.place('c', 'c');
    for (const name of ['a', 'b', 'c']) order.append(name);
    expect(order.values).toEqual(['a', 'b', 'c']);
  });

  it('keeps positions apart, however many rows come before one at the tail', () => {
    const order = new Names();
    order.place('r0', null);
    order.place('lost', 'never told');
    order.append('lost');
    for (let row = 1; row <= 200; row++) order.place(`r${row}`, `r${row - 1}`);
    expect(new Set(positions(order)).size).toBe(202);
  });

  it('knows of values only where there are some', () => {
    const order = new Order<string>();
    order.set('b', 'B');
    expect(order.place('b', 'a')).toEqual([]);
    expect(order.place('a', null)).toEqual(['B']);
    expect([[...order.backwards()], order.get('a'), order.get('b')]).toEqual([['B'], null, 'B']);
  });

  it('parks an item until its predecessor appears', () => {
    const order = new Names();
    order.place('a', null);
    order.place('c', 'b');
    expect(order.values).toEqual(['a']);
    expect(order.positionOf('c')).toBeNull();
    order.place('b', 'a');
    expect(order.values).toEqual(['a', 'b', 'c']);
  });

  it('puts an item without a known predecessor at the tail, and moves it when that one comes after all', () => {
    const order = new Names();
    order.place('a', null);
    order.place('c', 'b');
    order.append('c');
    order.place('x', 'a');
    expect(order.values).toEqual(['a', 'c', 'x']);
    order.place('b', 'a');
    expect(order.values).toEqual(['a', 'b', 'c', 'x']);
  });

  it('keeps the first placement of a name', () => {
    const order = new Names();
    order.place('a', null);
    order.place('b', 'a');
    order.place('a', 'b');
    expect(order.values).toEqual(['a', 'b']);
  });

  it('gives the same chain for any order of arrival', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const links = names.map((name, index) => [name, names[index - 1] ?? null] as const);
    fc.assert(
      fc.property(fc.shuffledSubarray(links, { minLength: links.length }), (arrival) => {
        const order = new Names();
        for (const [name, after] of arrival) order.place(name, after);
        expect(order.values).toEqual(names);
        const steps = positions(order);
        expect([...steps].sort((x, y) => Number(x) - Number(y))).toEqual(steps);
      }),
    );
  });
});
