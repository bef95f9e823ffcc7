import { plain } from '../autofill/text.ts';
import type { Transfer } from './details.ts';

/** What a bank's page says of the transfer on it, as far as it can be read. */
export interface ShownTransfer {
  /** Every payee's name shown under its label. */
  readonly payees: readonly string[];
  /** Every amount shown under its label, in yen; 0 where something stands there that is none. */
  readonly amounts: readonly number[];
  /** 確認番号. */
  readonly number: string | undefined;
}

export type ShownField = 'payee' | 'amount';

/** Labels of the details on a bank's page, a colon or a line's end after them. */
const PAYEE = /(?:お振込先人名|お受取人名|受取人名|お受取人|振込先人名)[ \t::]*\n?[ \t]*([^\n\t]+)/g;
const AMOUNT = /(?:お振込金額|振込金額)(?:\([^()\n]*\))?[ ]*(?:[:\t\n][: \t]*|(?=[¥\\金\d△▲-]))([^\n\t]+)/g;
const YEN = /^[¥\\]?金?(\d[\d,]*)円?[也-]?$/;
const NUMBER = /確認番号[ \t::]*\n?[ \t]*(\d{2})(?!\d)/;

/**
 * Reads the transfer off a page's visible text.
 * @param text lines and cells as `innerText` gives them: apart by line ends and tabs
 */
export function readShown(text: string): ShownTransfer {
  const flat = text
    .normalize('NFKC')
    .replace(/\r/g, '')
    .replace(/\n\s*\n/g, '\n');
  return {
    payees: [...flat.matchAll(PAYEE)].map(([, name = '']) => nameOf(name)),
    amounts: [...flat.matchAll(AMOUNT)].map(([, yen = '']) => amountIn(yen)),
    number: NUMBER.exec(flat)?.[1],
  };
}

/** What the page shows otherwise than the signed details have it; what it does not show is no difference. */
export function differences({ payee, amount }: Transfer, shown: ShownTransfer): ShownField[] {
  const other: ShownField[] = [];
  if (shown.payees.some((name) => name !== nameOf(payee))) other.push('payee');
  if (shown.amounts.some((yen) => yen !== amount)) other.push('amount');
  return other;
}

/** An amount as pages write it: ¥150,000, 150,000円, 金150,000円也. */
function amountIn(text: string): number {
  const [, yen = '0'] = YEN.exec(text.replace(/\s/g, '')) ?? [];
  return Number(yen.replaceAll(',', ''));
}

/** A name without what people and pages add to it. */
const nameOf = (name: string) => plain(name).replace(/(様|殿)$/, '');
