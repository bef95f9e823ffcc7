import type { E2eBuild } from '../e2e/setup.ts';

/** One row of the table. */
export interface Figure {
  readonly name: string;
  /** The median of the runs. */
  readonly value: number;
  readonly unit: Unit;
  /** The peer of the value, measured in the same run and unit, or a fixed limit. */
  readonly against?: { readonly name: string; readonly value: number };
  /** What the ratio of value to `against` may be. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
  readonly note?: string;
}

export type Unit = 'µs' | 'ms' | 'bytes' | '/s' | 'MB';

/** What a group works with. */
export interface Bench {
  /** How many items a large group uses, from the second argument. */
  readonly count: number | undefined;
  /** Says on stderr what takes so long. */
  progress(text: string): void;
  /** Has something undone when the group ends, however it ends; last first. */
  defer(undo: () => unknown): void;
  /** The production build, made once for all groups. */
  build(): Promise<E2eBuild>;
  /** Folder of token service and bank as operators run them, made once for all groups. */
  bundle(): Promise<string>;
}

export interface Group {
  readonly name: string;
  run(bench: Bench): Promise<Figure[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new RangeError('nothing was measured');
  return (lower + upper) / 2;
}

/** The value below which this share of all values lies: 0.99 for the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError('nothing was measured');
  return value;
}

/** Takes every measurement in turn, `rounds` times over: whatever else the machine does meets all of them alike. */
export async function interleave<K extends string>(
  rounds: number,
  measurements: Readonly<Record<K, () => Promise<number>>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(measurements) as K[];
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) taken[name].push(await measurements[name]());
  }
  return taken;
}

/** Ratio of a figure to what it is held against. */
function ratioOf({ value, against }: Figure): number | undefined {
  return against && value / against.value;
}

/** Whether a figure is within its target; undefined where it has none. */
export function isMet(figure: Figure): boolean | undefined {
  const ratio = ratioOf(figure);
  const { target } = figure;
  if (target === undefined || ratio === undefined) return undefined;
  return 'atMost' in target ? ratio <= target.atMost : ratio >= target.atLeast;
}

const HEADINGS = ['figure', 'median', 'unit', 'against', '', 'ratio', 'target', ''];
const RIGHT = new Set([1, 4, 5]);

/** The figures as lines of text, in columns. */
export function table(figures: readonly Figure[]): string[] {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row, index) => {
    const line = row
      .map((cell, column) =>
        RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
    const note = figures[index - 1]?.note;
    return note === undefined ? line : `${line}\n    ${note}`;
  });
}

function cells(figure: Figure): string[] {
  const { name, value, unit, against, target } = figure;
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    name,
    written(value, unit),
    unit,
    against?.name ?? '',
    against ? written(against.value, unit) : '',
    ratio === undefined ? '' : ratio.toFixed(2),
    target === undefined ? '' : 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`,
    met === undefined ? '' : met ? '✓' : '✗',
  ];
}

function written(value: number, unit: Unit): string {
  const digits = unit === 'ms' || unit === 'MB' ? 1 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
