/** Of a newer version of the page. offered: it waits to be used · taken: it is in use, and this page is still of an older one */
export type UpdateState = 'none' | 'offered' | 'taken';

/** Newer versions of the page. Nothing rejects. */
export interface Updates {
  watch(tell: (state: UpdateState) => void, signal: AbortSignal): void;
  /** Has the offered version used from now on, by every page that is opened. */
  take(): void;
  /** Opens this page again, in the version in use. */
  restart(): void;
}
