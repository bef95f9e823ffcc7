import type { IncomingMessage } from 'node:http';

/** Reads the bodies of requests before the requests are handled. */
export interface Bodies {
  /** @returns the body, cut off one byte after the most; undefined if it did not arrive */
  read(incoming: IncomingMessage): Promise<Buffer | undefined>;
}

export interface BodyLimits {
  /** Most bytes of one body. */
  readonly most: number;
  /** Most bytes of all bodies together that have not arrived whole. */
  readonly total: number;
}

/** @param tooMany called when the unfinished bodies together exceed the limit */
export function readBodies({ most, total }: BodyLimits, tooMany: () => void): Bodies {
  let held = 0;
  return {
    read: (incoming) =>
      new Promise((resolve) => {
        const chunks: Buffer[] = [];
        let length = 0;
        const end = (body: Buffer | undefined) => {
          held -= length;
          length = 0;
          incoming.off('data', take).off('end', whole).off('close', gone);
          resolve(body);
        };
        const take = (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          held += chunk.length;
          if (length > most) {
            incoming.pause();
            end(Buffer.concat(chunks).subarray(0, most + 1));
          } else if (held > total) tooMany();
        };
        const whole = () => end(Buffer.concat(chunks));
        const gone = () => end(undefined);
        incoming.on('data', take).once('end', whole).once('close', gone);
      }),
  };
}
