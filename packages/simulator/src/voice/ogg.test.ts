import { describe, expect, it } from 'vitest';
import { readOggOpus } from './ogg.ts';

/** A page with these lacing values and this body. */
function page(lacing: number[], body: Uint8Array): Uint8Array {
  const header = new Uint8Array(27);
  header.set(Buffer.from('OggS'), 0);
  header[26] = lacing.length;
  return Buffer.concat([header, Uint8Array.from(lacing), body]);
}

const heads = [page([8], Buffer.from('OpusHead')), page([8], Buffer.from('OpusTags'))];
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

describe('an Ogg Opus file', () => {
  it('gives its packets, several to a page', () => {
    const body = Buffer.concat([bytes(3, 1), bytes(5, 2)]);
    const packets = readOggOpus(Buffer.concat([...heads, page([3, 5], body)]));
    expect(packets.map((packet) => [packet.length, packet[0]])).toEqual([
      [3, 1],
      [5, 2],
    ]);
  });

  it('joins a packet that goes on after 255 bytes, on the same page and on the next', () => {
    const file = Buffer.concat([
      ...heads,
      page([255, 10, 255], bytes(520, 7)),
      page([1], bytes(1, 7)),
    ]);
    expect(readOggOpus(file).map((packet) => packet.length)).toEqual([265, 256]);
  });

  it('ends a packet of exactly 255 bytes with an empty lacing value', () => {
    const file = Buffer.concat([...heads, page([255, 0], bytes(255, 7))]);
    expect(readOggOpus(file).map((packet) => packet.length)).toEqual([255]);
  });

  it.each([
    ['something else', Buffer.from('RIFF....WAVEfmt and much more than a header')],
    ['no Opus', Buffer.concat([page([8], Buffer.from('vorbis..'))])],
    ['a page cut short', Buffer.concat([...heads, page([9], bytes(5, 1))])],
    ['a packet cut short', Buffer.concat([...heads, page([255], bytes(255, 1))])],
  ])('is refused when it is %s', (_, file) => {
    expect(() => readOggOpus(file)).toThrow();
  });
});
