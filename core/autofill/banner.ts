import type { Institution } from '../institution/directory.ts';
import { SCREENS } from './screens.ts';
import { plain } from './text.ts';

/** 金融機関コード as pages print it. */
const BANK_CODE = /金融機関(?:コード|番号)[:\n]*(\d{4})(?!\d)/g;

/** The visible text above a screen's heading, where a page says whose it is, each line as `plain()` leaves it. */
export function bannerOf(screen: string, text: string): string {
  const headings = SCREENS.find(({ id }) => id === screen)?.headings ?? [];
  const lines = text.split('\n').map(plain);
  const end = lines.findIndex((line) => headings.some((heading) => line.endsWith(heading)));
  return lines.slice(0, Math.max(0, end)).join('\n');
}

/**
 * Which of the institutions at an origin a page says it is of. Where there is one alone, the page need say nothing, but
 * must not show the bank code of another; where there are several, it must show the name or the bank code of one.
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

/** The institutions whose names a text has; a name inside a longer one of another is none. */
function namedIn<T extends Pick<Institution, 'name'>>(institutions: readonly T[], text: string): T[] {
  const longestFirst = institutions.toSorted((one, other) => other.name.length - one.name.length);
  let rest = text;
  return longestFirst.filter(({ name }) => {
    const parts = rest.split(plain(name));
    rest = parts.join(' ');
    return parts.length > 1;
  });
}
