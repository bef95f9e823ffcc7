import { describe, expect, test } from 'vitest';
import { diagnosis } from '../../../components/page-diagnosis.ts';
import type { PageState } from '../../../core/autofill/bank-page.ts';

const about = { version: '0.1.0', browser: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0' };
const AT = Date.UTC(2026, 10, 21, 0, 0, 30);

describe('what a help desk is told', () => {
  test('is the check that refused, and where it was read', () => {
    expect(diagnosis({ kind: 'unrecognised', reason: 'field', check: 'covered' }, about, AT)).toBe(
      [
        'screen: -',
        'result: unrecognised',
        'reason: field',
        'check: covered',
        'extension: 0.1.0',
        'browser: Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0',
        'time: 2026-11-21T00:00:30.000Z',
      ].join('\n'),
    );
  });

  test.each<[string, PageState, string[]]>([
    [
      'a refusal',
      { kind: 'refused', screen: 'BLI023', reason: 'clock' },
      ['BLI023', 'refused', 'clock', '-'],
    ],
    ['a page that was filled', { kind: 'filled', screen: 'BOS001', at: AT }, ['BOS001', 'filled', '-', '-']],
    [
      'a permission taken away',
      { kind: 'not-permitted', of: 'service' },
      ['-', 'not-permitted', 'service', '-'],
    ],
    ['a page without its script', { kind: 'not-injected' }, ['-', 'not-injected', '-', '-']],
  ])('has the same form for %s', (_what, page, values) => {
    const lines = diagnosis(page, about, AT).split('\n');
    const names = ['screen', 'result', 'reason', 'check'];
    expect(lines.slice(0, 4)).toEqual(names.map((name, at) => `${name}: ${values[at]}`));
    expect(lines).toHaveLength(7);
  });
});
