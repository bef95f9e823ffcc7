/**
 * What has to hold of a screen, its heading, a field's name and the field before anything is asked for, in the order it
 * is looked at. The first that does not hold is named in the report, and has a sentence in the popup.
 * translated: the browser's translation rewrote the page · disabled: the field takes no typing, or is inert ·
 * too-small: too small to be read, or not shown at all · clipped: cut off or masked · filtered: blurred, blended or
 * changed in a way that cannot be told · faded: too faint, or of the colour of its ground · outside: outside the page or
 * window, where no scrolling leads · covered: something is painted over it, or takes its clicks · other-name: another
 * name is seen beside the field than the one that is read · off-origin: its form goes to another origin · get: its form
 * puts what is typed into the address
 */
export const CHECKS = [
  'translated',
  'disabled',
  'too-small',
  'clipped',
  'filtered',
  'faded',
  'outside',
  'covered',
  'other-name',
  'off-origin',
  'get',
] as const;

export type Check = (typeof CHECKS)[number];
