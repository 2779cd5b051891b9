import { connect } from 'node:net';

/** What came back on one connection until it was closed. */
export interface RawReply {
  text: string;
  /** Status of each answer, in order. */
  statuses: number[];
  tookMs: number;
}

/** Sends bytes as they are, as no HTTP client would, and reads until the other side closes or is silent for a while. */
export function rawRequest(httpUrl: string, bytes: string | Buffer): Promise<RawReply> {
  const { hostname, port } = new URL(httpUrl);
  const since = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const chunks: Buffer[] = [];
    let tookMs = 0;
    // Where several requests stand in one, the last answer is followed by silence.
    socket.setTimeout(1_500, () => socket.destroy());
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      tookMs = performance.now() - since;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) =>
        Number(status),
      );
      resolve({ text, statuses, tookMs });
    });
  });
}
