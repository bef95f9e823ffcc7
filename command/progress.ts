const WIDTH = 30;
const EVERY_MS = 100;

export interface Progress {
  /** Draws how far it is, now and then. */
  at(done: number, total: number): void;
  /** Takes it off the screen. */
  end(): void;
}

/** A progress bar where people look on; nothing elsewhere. */
export function progressOn(stream: NodeJS.WriteStream, label: string): Progress {
  let drawnAt = -EVERY_MS;
  return {
    at: (done, total) => {
      const now = performance.now();
      if (!stream.isTTY || (now - drawnAt < EVERY_MS && done < total)) return;
      drawnAt = now;
      const part = total === 0 ? 1 : Math.min(1, done / total);
      const full = Math.round(part * WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
      stream.write(`\r${label} ${bar} ${String(Math.floor(part * 100)).padStart(3)}%`);
    },
    end: () => {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
