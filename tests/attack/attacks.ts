import type { Attack } from './attack.ts';
import { IN_PAGE } from './attacks/in-page.ts';

/** Every attack that is tried in a browser. */
export const ATTACKS: readonly Attack[] = [...IN_PAGE];
