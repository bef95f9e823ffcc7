import { Token } from '../../e2e/pages/token.ts';
import type { Arena } from '../arena.ts';
import type { Attack, Conditions } from '../attack.ts';
import type { PageParts } from '../pages.ts';

/** The one transfer that these attacks are about, asked for once in a browser. */
interface Asked {
  readonly number: string;
  /** Whether the customer has confirmed it. */
  code: string | undefined;
}

const PAYEE = 'ミホン ジロウ';
const YEN = 12_000;
const asked = new WeakMap<Arena, Asked>();

async function transferIn(arena: Arena): Promise<Asked> {
  const known = asked.get(arena);
  if (known !== undefined) return known;
  const made: Asked = { number: await arena.stage.bank.requestTransfer(YEN, PAYEE), code: undefined };
  asked.set(arena, made);
  return made;
}

/** The same, once the customer has confirmed it. */
async function confirmedIn(arena: Arena): Promise<Asked & { code: string }> {
  const transfer = await transferIn(arena);
  if (transfer.code === undefined) {
    const token = new Token(await arena.stage.browser.openTokenPage('confirm'));
    await token.question(transfer.number);
    await token.confirmTransfer();
    transfer.code = await token.confirmationCode();
    await token.page.close();
    await arena.page.bringToFront();
  }
  return { ...transfer, code: transfer.code };
}

interface Shown {
  readonly number: string;
  readonly payee?: string;
  readonly yen?: string;
  readonly more?: string;
}

/** 振込（取引認証） as the bank shows it, with a transfer on it. */
const transferPage = ({ number, payee = PAYEE, yen = '12,000', more = '' }: Shown): PageParts => ({
  screen: '画面ID : BFT003',
  heading: '振込（取引認証）',
  label: '取引認証コード',
  before: `<dl><dt>確認番号</dt><dd>${number}</dd><dt>お振込先人名</dt><dd>${payee} 様</dd>
<dt>お振込金額</dt><dd>${yen}円</dd></dl>${more}`,
});

const lure = (
  name: string,
  when: (arena: Arena) => Promise<Asked>,
  parts: (transfer: Asked) => PageParts,
  refusedBy: Conditions,
): Attack => ({
  from: 'transfer',
  name,
  refusedBy,
  yields: 'nothing',
  play: async (arena) => {
    const transfer = await when(arena);
    const outcome = await arena.play(parts(transfer));
    // A confirmation code is none of the codes by time that are looked for everywhere.
    const page = await arena.page.evaluate(() => document.documentElement.outerHTML);
    return transfer.code !== undefined && page.includes(transfer.code) ? 'the code is in the page' : outcome;
  },
});

const another = (number: string) => String((Number(number) + 1) % 100).padStart(2, '0');

export const TRANSFER: readonly Attack[] = [
  lure('the code of a transfer that waits still', transferIn, transferPage, 'refused: confirmation-missing'),
  lure(
    'a login code, "again", to confirm a transfer',
    transferIn,
    (transfer) => ({ ...transferPage(transfer), label: 'ワンタイムパスワード' }),
    'unrecognised: field',
  ),
  lure(
    'a login page that asks for the transfer’s code',
    transferIn,
    () => ({ label: '取引認証コード' }),
    'unrecognised: field',
  ),
  lure(
    'the code of a confirmed transfer, with another payee shown',
    confirmedIn,
    ({ number }) => transferPage({ number, payee: 'ミホン タロウ' }),
    'refused: confirmation-differs',
  ),
  lure(
    'the code of a confirmed transfer, with another amount shown',
    confirmedIn,
    ({ number }) => transferPage({ number, yen: '1,200,000' }),
    'refused: confirmation-differs',
  ),
  lure(
    'the code of a confirmed transfer, with a second amount below',
    confirmedIn,
    ({ number }) => transferPage({ number, more: '<dl><dt>お振込金額</dt><dd>500円</dd></dl>' }),
    'refused: confirmation-differs',
  ),
  lure(
    'the code of a confirmed transfer, the truth faded and a lie shown',
    confirmedIn,
    ({ number }) => {
      const { before: truth = '', ...rest } = transferPage({ number });
      const { before: lie = '' } = transferPage({ number, payee: 'ミホン タロウ', yen: '900,000' });
      return { ...rest, before: `<div style="opacity: 0.02">${truth}</div>${lie}` };
    },
    'refused: confirmation-differs',
  ),
  lure(
    'the code of a confirmed transfer, under another 確認番号',
    confirmedIn,
    ({ number }) => transferPage({ number: another(number) }),
    'refused: confirmation-missing',
  ),
  lure(
    'the code of a confirmed transfer, in full-width figures of another amount',
    confirmedIn,
    ({ number }) => transferPage({ number, yen: '１２，０００，０００' }),
    'refused: confirmation-differs',
  ),
  {
    from: 'transfer',
    name: 'a page that shows the confirmed transfer has its code: good for that alone',
    refusedBy: 'filled, with no login code',
    yields: 'one code',
    play: async (arena) => {
      const transfer = await confirmedIn(arena);
      await arena.show({ ...transferPage(transfer), tells: false });
      const outcome = await arena.settled();
      const value = await arena.page.$eval('#code', (field) => (field as HTMLInputElement).value);
      const logins = await arena.codes(-2, 60);
      await arena.show({ screen: '', heading: 'ご案内' });
      return `${outcome}, ${value === transfer.code && !logins.includes(value) ? 'with no login code' : 'with another'}`;
    },
  },
];
