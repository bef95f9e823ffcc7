import type { BankDependencies, Site } from '../context.ts';
import { document, sheet } from './document.ts';
import { type Html, html, reference } from './html.ts';
import type { BankContext } from './render.ts';

/**
 * Answers at an origin that several institutions share, if the path names none of them: `/?bank=9903` redirects to the
 * institution with that 金融機関コード, anything else gets a list of them.
 */
export function showSharers(
  c: BankContext,
  { assets }: Pick<BankDependencies, 'assets'>,
  sharers: readonly Site[],
): Response | Promise<Response> {
  const isFront = c.req.path === '/';
  const asked = sharers.find(({ institution }) => institution.bankCode === c.req.query('bank'));
  if (isFront && asked !== undefined) return c.redirect(`${asked.base}/`, 303);
  return c.html(sharersPage(sharers, assets.href('bank.css')), isFront ? 200 : 404);
}

function sharersPage(sharers: readonly Site[], stylesheet: string): Html {
  return document({
    title: '金融機関の選択',
    links: sheet(stylesheet),
    body: html`${reference}
<main class="main">
<h1>金融機関の選択</h1>
<p class="lead">ご利用の金融機関を選択してください。</p>
<ul>${sharers.map(
      ({ base, institution: { name, bankCode } }) =>
        html`<li><a href="${base}/">${name}</a>（金融機関コード：${bankCode}）</li>`,
    )}</ul>
</main>`,
  });
}
