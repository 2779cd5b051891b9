import { describe, expect, it } from 'vitest';
import { readRtp, RtpWriter } from './rtp.ts';

describe('RTP', () => {
  it('reads what it writes, and counts on over the end of its numbers', () => {
    const writer = new RtpWriter(111, 42);
    const packets = Array.from({ length: 70_000 }, () =>
      readRtp(writer.write(Uint8Array.of(1, 2), true)),
    );
    packets.slice(1).forEach((packet, index) => {
      const before = packets[index];
      if (!packet || !before) throw new Error('A packet could not be read.');
      expect((packet.sequence - before.sequence) & 0xffff).toBe(1);
      expect((packet.timestamp - before.timestamp) >>> 0).toBe(960);
    });
    expect(packets[0]).toMatchObject({ payloadType: 111, payload: Buffer.from([1, 2]) });
  });

  it('steps over sources, extension and padding', () => {
    const packet = Buffer.concat([
      Buffer.from([0x80 | 0x20 | 0x10 | 1, 111, 0, 7, 0, 0, 0, 9, 0, 0, 0, 1]),
      Buffer.from([0, 0, 0, 2]),
      Buffer.from([0xbe, 0xde, 0, 1, 1, 2, 3, 4]),
      Buffer.from([5, 6, 0, 2]),
    ]);
    expect(readRtp(packet)).toEqual({
      payloadType: 111,
      sequence: 7,
      timestamp: 9,
      payload: Buffer.from([5, 6]),
    });
  });

  it.each([
    ['RTCP', Buffer.from([0x80, 200, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['too short', Buffer.from([0x80, 111])],
    ['another version', Buffer.alloc(20)],
    ['an extension cut off', Buffer.from([0x90, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['more padding than packet', Buffer.from([0xa0, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 200])],
  ])('leaves %s alone', (_, packet) => {
    expect(readRtp(packet)).toBeNull();
  });
});
