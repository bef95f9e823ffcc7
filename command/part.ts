/** Parts that keep an audit. */
export const PART_KEYS = ['service', 'bank'] as const;

export type Part = (typeof PART_KEYS)[number];
