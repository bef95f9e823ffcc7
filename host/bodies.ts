import type { IncomingMessage } from 'node:http';

/** Reads the bodies of requests before anything else is made of these. */
export interface Bodies {
  /** @returns the body, no longer than one byte more than the most; undefined where it did not come */
  read(incoming: IncomingMessage): Promise<Buffer | undefined>;
}

export interface BodyLimits {
  /** Bytes of one body. */
  readonly most: number;
  /** Bytes of all bodies that have not arrived whole. */
  readonly total: number;
}

/** @param tooMany called when all unfinished bodies together are too long */
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
