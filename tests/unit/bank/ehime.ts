import { institutionOf } from '../../institutions.ts';

/** The bank of the しんきん family. */
export const EHIME = institutionOf('ehime');

/** Where its pages are. */
export const EHIME_PLACE = { origin: 'http://ehime.localhost:4601', base: '' };
