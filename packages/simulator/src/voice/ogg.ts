/** «OggS» */
const CAPTURE = 0x4f676753;
const HEADER_BYTES = 27;

/**
 * Takes the Opus packets out of an Ogg Opus file (RFC 3533, RFC 7845): one logical stream, headers left out.
 * Checksums are not verified; the files are our own.
 *
 * @throws Error when it is no Ogg Opus file or ends in the middle of a packet.
 */
export function readOggOpus(file: Uint8Array): Uint8Array[] {
  const packets = readOggPackets(file);
  const [head, tags, ...audio] = packets;
  if (!head || !begins(head, 'OpusHead')) throw new Error('No Opus head in this Ogg file.');
  if (!tags || !begins(tags, 'OpusTags')) throw new Error('No Opus tags in this Ogg file.');
  return audio;
}

function readOggPackets(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const packets: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let at = 0;
  while (at < file.length) {
    if (at + HEADER_BYTES > file.length || view.getUint32(at) !== CAPTURE) {
      throw new Error(`No Ogg page at byte ${at}.`);
    }
    const lacing = file.subarray(at + HEADER_BYTES, at + HEADER_BYTES + view.getUint8(at + 26));
    let from = at + HEADER_BYTES + lacing.length;
    for (const length of lacing) {
      if (from + length > file.length)
        throw new Error('The Ogg file ends in the middle of a page.');
      parts.push(file.subarray(from, from + length));
      from += length;
      // A lacing value of 255 says that the packet goes on, perhaps on the next page.
      if (length === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
    }
    at = from;
  }
  if (parts.length > 0) throw new Error('The Ogg file ends in the middle of a packet.');
  return packets;
}

function begins(packet: Uint8Array, word: string): boolean {
  return Buffer.from(packet.subarray(0, word.length)).toString('latin1') === word;
}
