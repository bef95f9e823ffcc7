/** What was found of one thing: an error stops a part or breaks it, a warning may be meant. */
export interface Line {
  readonly level: 'ok' | 'warning' | 'error';
  readonly about: string;
  /** What is so, and what to do unless it is ok. */
  readonly said: string;
}

export const ok = (about: string, said: string): Line => ({ level: 'ok', about, said });
export const warning = (about: string, said: string): Line => ({ level: 'warning', about, said });
export const error = (about: string, said: string): Line => ({ level: 'error', about, said });
