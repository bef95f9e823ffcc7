import type { Institution } from '../institution/directory.ts';
import { ANSER } from './anser.ts';
import type { Family } from './screen.ts';
import { SHINKIN } from './shinkin.ts';

/** Every family by the name that the directory has for it. */
export const FAMILIES: Readonly<Record<Institution['family'], Family>> = { ANSER, SHINKIN };

export const familyOf = ({ family }: Pick<Institution, 'family'>): Family => FAMILIES[family];
