/** What a process holds, in MB. */
export interface Memory {
  readonly resident: number;
  /** Of the heap, after a collection. */
  readonly heap: number;
}

/** What came of it over time. */
export interface MemoryOverTime {
  readonly samples: readonly Memory[];
  /** How much it grew in the second half: the least squares' line, from its beginning to its end. */
  readonly grown: Memory;
  readonly isFlat: boolean;
}

/** So much the line may rise by chance: a flood leaves buffers, and a collection takes when it likes. */
const FLAT: Memory = { resident: 10, heap: 3 };

/** Looks at a process that was started with `--inspect` again and again. @returns ends it */
export function watchMemory(
  inspectorPort: number,
  residentMb: () => number,
  everyMs: number,
): () => Promise<MemoryOverTime> {
  const samples: Memory[] = [];
  let looking = Promise.resolve();
  const look = async () => {
    const resident = Math.round(residentMb());
    const sample = { resident, heap: await collectedHeapMb(inspectorPort) };
    samples.push(sample);
    console.error('memory', JSON.stringify(sample));
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => console.error('memory', String(error)));
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await looking;
    return judge(samples);
  };
}

export function judge(samples: readonly Memory[]): MemoryOverTime {
  const second = samples.slice(Math.floor(samples.length / 2));
  const grown = {
    resident: risen(second.map(({ resident }) => resident)),
    heap: risen(second.map(({ heap }) => heap)),
  };
  const isFlat = samples.length > 0 && grown.resident <= FLAT.resident && grown.heap <= FLAT.heap;
  return { samples, grown, isFlat };
}

/** How much the line of least squares rises from the first value to the last. */
function risen(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, _, place) => sum + (place - middle) ** 2, 0);
  const product = values.reduce((sum, value, place) => sum + (place - middle) * (value - mean), 0);
  return square === 0 ? 0 : rounded((product / square) * (values.length - 1));
}

const rounded = (megabytes: number) => Math.round(megabytes * 10) / 10;

async function collectedHeapMb(port: number): Promise<number> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as [
    { webSocketDebuggerUrl: string },
  ];
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('the inspector does not answer'));
  });
  let id = 0;
  const ask = (method: string) =>
    new Promise<{ usedSize?: number }>((resolve) => {
      id += 1;
      socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)).result);
      socket.send(JSON.stringify({ id, method }));
    });
  await ask('HeapProfiler.collectGarbage');
  const { usedSize = 0 } = await ask('Runtime.getHeapUsage');
  socket.close();
  return rounded(usedSize / 2 ** 20);
}
