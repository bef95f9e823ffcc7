import type { PageHelp, PageState } from '../core/autofill/bank-page.ts';

/**
 * Plain lines for a help desk: which screen, what was decided and why, where and when. They contain no code, no address and no
 * data of the customer.
 * @param atMs device time
 */
export function diagnosis(
  page: PageState,
  { version, browser }: Pick<PageHelp, 'version' | 'browser'>,
  atMs: number,
): string {
  const lines: Readonly<Record<string, string | undefined>> = {
    screen: 'screen' in page ? page.screen : undefined,
    result: page.kind,
    reason: 'reason' in page ? page.reason : 'of' in page ? page.of : undefined,
    check: 'check' in page ? page.check : undefined,
    extension: version,
    browser,
    time: new Date(atMs).toISOString(),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}: ${value ?? '-'}`)
    .join('\n');
}
