import { randomInt } from 'node:crypto';

/** The part of an RTP packet that is used here (RFC 3550 §5.1). */
export interface RtpPacket {
  payloadType: number;
  sequence: number;
  timestamp: number;
  payload: Uint8Array;
}

/** Reads a packet; null for RTCP, which shares the port (RFC 5761 §4), and for what is no RTP. */
export function readRtp(bytes: Buffer): RtpPacket | null {
  if (bytes.length < 12 || (bytes.readUInt8(0) & 0xc0) !== 0x80) return null;
  const payloadType = bytes.readUInt8(1) & 0x7f;
  if (payloadType >= 64 && payloadType <= 95) return null;
  const first = bytes.readUInt8(0);
  let from = 12 + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (from + 4 > bytes.length) return null;
    from += 4 + 4 * bytes.readUInt16BE(from + 2);
  }
  const padding = first & 0x20 ? bytes.readUInt8(bytes.length - 1) : 0;
  const to = bytes.length - padding;
  if (from > to) return null;
  return {
    payloadType,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    payload: bytes.subarray(from, to),
  };
}

/** Writes the packets of one stream of 20 ms Opus frames. */
export class RtpWriter {
  readonly #payloadType: number;
  readonly #ssrc: number;
  #sequence = randomInt(0x8000);
  #timestamp = randomInt(0x7fff_ffff);

  constructor(payloadType: number, ssrc: number) {
    this.#payloadType = payloadType;
    this.#ssrc = ssrc;
  }

  /** The next packet; `marker` says that speech begins with it. */
  write(payload: Uint8Array, marker: boolean): Buffer {
    const packet = Buffer.alloc(12 + payload.length);
    packet.writeUInt8(0x80, 0);
    packet.writeUInt8((marker ? 0x80 : 0) | this.#payloadType, 1);
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.set(payload, 12);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + 960) >>> 0;
    return packet;
  }
}
