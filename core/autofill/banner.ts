import type { Institution } from '../institution/directory.ts';
import { SCREENS } from './screens.ts';
import { BOX_END, plain, upToHeading } from './text.ts';

/** 金融機関コード as pages print it. */
const BANK_CODE = /金融機関(?:コード|番号)[:\n]*(\d{4})(?!\d)/g;

/** The visible text above a screen's heading, where a page names its institution; each box and line as `plain()` returns it. */
export function bannerOf(screen: string, text: string): string {
  const headings = SCREENS.find(({ id }) => id === screen)?.headings ?? [];
  const endsWithHeading = (boxes: readonly string[]) =>
    headings.some((heading) => upToHeading(boxes.join('')).endsWith(heading));
  const above: string[] = [];
  for (const line of text.split('\n')) {
    const boxes = line.split(BOX_END).map(plain);
    const end = boxes.findIndex((_box, at) => endsWithHeading(boxes.slice(0, at + 1)));
    if (end < 0) {
      above.push(...boxes);
      continue;
    }
    const heading = boxes.slice(0, end + 1);
    const start = heading.findLastIndex((_box, at) => endsWithHeading(heading.slice(at)));
    return [...above, ...boxes.slice(0, start)].join('\n');
  }
  return '';
}

/**
 * The institution that a page belongs to, of those at its origin. If there is only one, the page need not name it but must not
 * show the bank code of another. If there are several, the page must show the name or the bank code of exactly one.
 */
export function institutionShown<T extends Pick<Institution, 'name' | 'bankCode'>>(
  institutions: readonly T[],
  banner: string,
): T | undefined {
  const codes = [...banner.matchAll(BANK_CODE)].map(([, code]) => code);
  const named = namedIn(institutions, banner);
  const shown = institutions.filter(
    (one) =>
      codes.every((code) => code === one.bankCode) &&
      named.every((other) => other === one) &&
      (institutions.length === 1 || codes.length + named.length > 0),
  );
  return shown.length === 1 ? shown[0] : undefined;
}

/** The institutions whose names a text contains. A name that is part of a longer one does not count. */
function namedIn<T extends Pick<Institution, 'name'>>(institutions: readonly T[], text: string): T[] {
  const longestFirst = institutions.toSorted((one, other) => other.name.length - one.name.length);
  let rest = text;
  return longestFirst.filter(({ name }) => {
    const parts = rest.split(plain(name));
    rest = parts.join(' ');
    return parts.length > 1;
  });
}
