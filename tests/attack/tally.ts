import type { BrowserKind } from '../e2e/test-browser.ts';
import type { Attack } from './attack.ts';
import { COVERED } from './covered.ts';

type Row = Readonly<Record<'from' | 'attack' | BrowserKind, string>>;

/** What became of the attacks, for a table at the end. */
export class Tally {
  readonly #rows = new Map<string, Row>();

  add({ from, name, notIn, yields }: Attack, browser: BrowserKind, refusedBy: string): void {
    const row = this.#rows.get(name) ?? { from, attack: name, chromium: '', firefox: '' };
    const elsewhere = notIn && { [notIn.browser]: `not tried: ${notIn.because}` };
    const outcome = yields === 'nothing' ? refusedBy : `${refusedBy} (one code, no more)`;
    this.#rows.set(name, { ...row, ...elsewhere, [browser]: outcome });
  }

  print(): void {
    const rows = [...this.#rows.values()];
    const widths = COLUMNS.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
    const line = (cells: readonly string[]) =>
      `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
    const tried = rows
      .flatMap(({ chromium, firefox }) => [chromium, firefox])
      .filter((cell) => /^(?!not tried|$)/.test(cell));
    const through = tried.filter((cell) => /^(SUCCEEDED|UNEXPECTED)/.test(cell));
    console.log(
      [
        line(COLUMNS),
        line(widths.map((width) => '-'.repeat(width))),
        ...rows.map((row) => line(COLUMNS.map((column) => row[column]))),
        '',
        `${tried.length} attacks tried, ${tried.length - through.length} refused or harmless, ${through.length} not.`,
        '',
        'Covered by other tests:',
        ...COVERED.map(({ attack, file, name }) => `  ${attack}: ${file} › ${name}`),
      ].join('\n'),
    );
  }
}

const COLUMNS = ['from', 'attack', 'chromium', 'firefox'] as const;
