import type { Area } from './area.ts';

/** What can be seen in an area, some of it by scrolling. */

const SCROLLS = /auto|scroll/;

/** What happens to contents outside an area, along each axis. */
export interface Overflow {
  readonly x: string;
  readonly y: string;
}

export const VISIBLE: Overflow = { x: 'visible', y: 'visible' };
export const HIDDEN: Overflow = { x: 'hidden', y: 'hidden' };

export const isVisible = ({ x, y }: Overflow) => x === 'visible' && y === 'visible';

/** The part of a place that is visible in an area or can be scrolled to, where it is then, and its share of the place. */
export function reach(
  place: Area,
  area: Area,
  overflow: Overflow,
  scrolled: { readonly x: number; readonly y: number },
) {
  const x = reachAlong([place.left, place.right], [area.left, area.right], overflow.x, scrolled.x);
  const y = reachAlong([place.top, place.bottom], [area.top, area.bottom], overflow.y, scrolled.y);
  return {
    area: { left: x.from, top: y.from, right: x.to, bottom: y.to },
    share: x.share * y.share,
  };
}

type Range = readonly [from: number, to: number];

/** The same along one axis. Nobody can scroll to before the start. All numbers are CSS pixels. */
function reachAlong([from, to]: Range, [start, end]: Range, overflow: string, scrolled: number) {
  const scrolls = SCROLLS.test(overflow);
  const first = Math.max(from, scrolls ? start - scrolled : start);
  const last = scrolls ? to : Math.min(to, end);
  const share = Math.max(0, last - first) / (to - from);
  if (!scrolls) return { from: first, to: last, share };
  // After scrolling it will be in the middle of the area.
  const half = Math.min(last - first, end - start) / 2;
  const middle = (start + end) / 2;
  return { from: middle - half, to: middle + half, share };
}
