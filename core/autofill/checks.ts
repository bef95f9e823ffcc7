/**
 * Checks of a screen, its heading, a field's name and the field, in their order. Nothing is asked for before all of them pass.
 * The report names the first that fails, and the popup has a sentence for it.
 * translated: the browser's translation rewrote the page · disabled: the field takes no typing, or is inert ·
 * too-small: too small to be read, or not shown at all · clipped: cut off or masked · filtered: blurred, blended or
 * changed in a way that cannot be computed · faded: too faint, or in the colour of its background · outside: outside the page
 * or window, where one cannot scroll · covered: something is painted over it, or takes its clicks · other-name: the name
 * visible beside the field is not the one in the markup · off-origin: its form goes to another origin · get: its form puts
 * what is typed into the address
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
