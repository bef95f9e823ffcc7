import type { Root } from './page.ts';

/** What reads and fills a page, made once the page has our words. */
export interface Filler<Report> {
  /** Reads the page, and fills it if a screen asks. Never rejects. */
  run(asked?: boolean): Promise<void>;
  /** The page changed: it is read again soon. */
  changed(event?: Event): void;
  report(): Report;
}

/** Has a document and its shadow trees watched. */
export type Follow = (roots: readonly Root[]) => void;

/** @param follow called before each reading */
export type MakeFiller<Report> = (document: Document, follow: Follow) => Filler<Report>;

/** The place in the scripts' isolated world where the watcher waits for the reader. The page does not see it. */
const PLACE = Symbol.for('warifu');

export const isWatched = (): boolean => PLACE in globalThis;

/** The watcher says what to do with the reader when the background injects it. */
export function awaitReader<Report>(take: (make: MakeFiller<Report>) => void): void {
  Reflect.set(globalThis, PLACE, take);
}

/** The reader hands itself to the watcher. It does nothing where there is none. */
export function handOver<Report>(make: MakeFiller<Report>): void {
  const take: ((make: MakeFiller<Report>) => void) | undefined = Reflect.get(globalThis, PLACE);
  take?.(make);
}
