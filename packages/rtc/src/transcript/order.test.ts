import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Order } from './order.ts';

const positions = (order: Order): (number | null)[] =>
  order.names.map((name) => order.positionOf(name));

describe('Order', () => {
  it('follows the predecessors in steps of the protocol', () => {
    const order = new Order();
    order.place('a', null);
    order.place('b', 'a');
    order.place('c', 'b');
    expect(order.names).toEqual(['a', 'b', 'c']);
    expect(positions(order)).toEqual([1024, 2048, 3072]);
  });

  it('puts what comes between two rows at their midpoint, and what comes before all below the first', () => {
    const order = new Order();
    order.place('a', null);
    order.place('c', 'a');
    order.place('b', 'a');
    order.place('head', null);
    expect(order.names).toEqual(['head', 'a', 'b', 'c']);
    expect(positions(order)).toEqual([0, 1024, 1536, 2048]);
  });

  it('parks an utterance until its predecessor appears', () => {
    const order = new Order();
    order.place('a', null);
    order.place('c', 'b');
    expect(order.names).toEqual(['a']);
    expect(order.positionOf('c')).toBeNull();
    order.place('b', 'a');
    expect(order.names).toEqual(['a', 'b', 'c']);
  });

  it('puts an utterance without a known predecessor at the tail, and moves it when that one comes after all', () => {
    const order = new Order();
    order.place('a', null);
    order.place('c', 'b');
    order.append('c');
    order.place('x', 'a');
    expect(order.names).toEqual(['a', 'x', 'c']);
    order.place('b', 'a');
    expect(order.names).toEqual(['a', 'b', 'c', 'x']);
  });

  it('keeps the first placement of a name', () => {
    const order = new Order();
    order.place('a', null);
    order.place('b', 'a');
    order.place('a', 'b');
    expect(order.names).toEqual(['a', 'b']);
  });

  it('gives the same chain for any order of arrival', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const links = names.map((name, index) => [name, names[index - 1] ?? null] as const);
    fc.assert(
      fc.property(fc.shuffledSubarray(links, { minLength: links.length }), (arrival) => {
        const order = new Order();
        for (const [name, after] of arrival) order.place(name, after);
        expect(order.names).toEqual(names);
        const steps = positions(order);
        expect([...steps].sort((x, y) => Number(x) - Number(y))).toEqual(steps);
      }),
    );
  });
});
