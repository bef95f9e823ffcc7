import type { BrowserKind } from '../e2e/test-browser.ts';
import type { Arena } from './arena.ts';
import type { PageParts } from './pages.ts';

/** Where an attack is made from, as `docs/THREATS.md` orders them. */
export type From = 'in-page' | 'origin' | 'plumbing' | 'transfer' | 'time';

export type Conditions = string | readonly string[];

/** One way to get at a code, and what stands in its way. */
export interface Attack {
  readonly from: From;
  readonly name: string;
  /** The condition that refuses it, as {@link Attack.play} tells; one of several where they race. */
  readonly refusedBy: Conditions | Readonly<Record<BrowserKind, Conditions>>;
  /**
   * What the attacker may get: not one digit; or one code, on the bank's own page, where its scripts can read it.
   */
  readonly yields: 'nothing' | 'one code';
  readonly notIn?: { readonly browser: BrowserKind; readonly because: string };
  play(arena: Arena): Promise<string>;
}

/** What the tests have to try of an attack in a browser. */
export const conditionsIn = ({ refusedBy }: Attack, kind: BrowserKind): readonly string[] => {
  const here = typeof refusedBy === 'object' && 'chromium' in refusedBy ? refusedBy[kind] : refusedBy;
  return typeof here === 'string' ? [here] : here;
};

/** A page at the bank's own address that would be filled, were it not for some parts. */
export const page = (
  name: string,
  parts: PageParts | ((arena: Arena) => PageParts),
  refusedBy: Attack['refusedBy'] = 'unrecognised: field',
): Attack => ({
  from: 'in-page',
  name,
  refusedBy,
  yields: 'nothing',
  play: (arena) => arena.play(typeof parts === 'function' ? parts(arena) : parts),
});
