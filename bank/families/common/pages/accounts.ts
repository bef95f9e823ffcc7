import { japaneseMinute, yen } from '../../../format.ts';
import type { Account, Entry } from '../../../store/accounts.ts';
import { ACCOUNT_TYPE_NAMES } from '../../../transfer/input.ts';
import { navigation, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';

export interface AccountState {
  readonly account: Account;
  readonly entries: readonly Entry[];
}

/** 口座情報: balances and 入出金明細. */
export function accountsContent(accounts: readonly AccountState[], asOf: number): Html {
  return html`${accounts.map(({ account, entries }) =>
    section(
      `${ACCOUNT_TYPE_NAMES[account.type]}預金 ${account.number}`,
      html`${balance(account, asOf)}${entries.length === 0 ? html`<p class="lead entries-none">入出金明細はまだありません。</p>` : statement(account, entries)}`,
    ),
  )}
${navigation([{ label: '振込・振替へ', path: '/transfer', kind: 'secondary' }])}`;
}

/** The present balance, in large figures. */
export function balance(account: Account, asOf: number): Html {
  const main = account.position === 0 ? html` <span class="balance-branch">（代表口座）</span>` : '';
  return html`<div class="balance"><p class="balance-account">${ACCOUNT_TYPE_NAMES[account.type]}預金${main} <span class="balance-branch">${account.branch_name} ${account.number}</span></p><p class="balance-amount"><span class="yen">¥</span>${Number(account.balance).toLocaleString('ja-JP')}</p><p class="balance-time">${japaneseMinute(asOf)} 現在</p></div>`;
}

function statement({ number }: Account, entries: readonly Entry[]): Html {
  return html`<div class="entries"><table><caption class="visually-hidden">入出金明細 ${number}</caption>
<thead><tr><th scope="col">日時</th><th scope="col">お取引内容</th><th scope="col">お支払い金額</th><th scope="col">お預り金額</th><th scope="col">残高</th></tr></thead>
<tbody>${entries.map(({ at, amount, balance: after, memo }) => {
    const moved = Number(amount);
    return html`<tr><td data-label="日時">${japaneseMinute(at.getTime())}</td><td data-label="お取引内容">${memo}</td><td data-label="お支払い金額">${moved < 0 ? yen(-moved) : ''}</td><td data-label="お預り金額">${moved > 0 ? yen(moved) : ''}</td><td data-label="残高">${yen(Number(after))}</td></tr>`;
  })}</tbody></table></div>`;
}
