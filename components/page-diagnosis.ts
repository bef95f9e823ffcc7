import type { PageHelp, PageState } from '../core/autofill/bank-page.ts';

/**
 * What a help desk asks for, as plain lines: which screen, what was decided and by what, where and when. No code, no
 * address, nothing of the customer's.
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
