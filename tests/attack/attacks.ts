import type { Attack } from './attack.ts';
import { IN_PAGE } from './attacks/in-page.ts';
import { ORIGIN } from './attacks/origin.ts';
import { PLUMBING } from './attacks/plumbing.ts';
import { TIME } from './attacks/time.ts';
import { TRANSFER } from './attacks/transfer.ts';

/** Every attack that is tried in a browser. */
export const ATTACKS: readonly Attack[] = [...IN_PAGE, ...ORIGIN, ...PLUMBING, ...TRANSFER, ...TIME];
