import type { Parts } from './neighbours.ts';

/** Neighbours with a mask that is a gradient of opaque colours. */

const OPAQUE = 'linear-gradient(#000,#000)';
const DOT = `mask:${OPAQUE} 0 0/1px 1px no-repeat`;

export const FILLED_UNDER_MASKS: Readonly<Record<string, Parts>> = {
  'an opaque mask on a card': { style: `form{mask:${OPAQUE}}` },
  'an opaque mask that may draw outside the box': { style: `form{mask:${OPAQUE} no-clip alpha}` },
};

export const EMPTY_UNDER_MASKS: Readonly<Record<string, readonly [check: string, Parts]>> = {
  'a mask of one dot': ['clipped', { style: `#o{${DOT}}` }],
  'a mask of one dot on the root': ['clipped', { style: `html{${DOT}}` }],
  'a mask of one dot on the heading': ['clipped', { style: `h1{${DOT}}` }],
  'a mask of one dot on the 画面ID': ['clipped', { id: `<p style="${DOT}">画面ID : BLI023</p>` }],
  'a mask of the light of black': ['clipped', { style: `#o{mask:${OPAQUE} luminance}` }],
  'a mask of a box without height': [
    'clipped',
    { style: `h1{padding-top:60px;height:0;mask:${OPAQUE} content-box}` },
  ],
  'a mask that is cut with nothing': ['clipped', { style: `#o{mask:${OPAQUE} intersect}` }],
};
