import {
  type Directory,
  everyInstitution,
  type Institution,
  type PreparingInstitution,
} from '../../core/institution/directory.ts';
import { document, sheet } from '../web/document.ts';
import { dress, mark } from '../web/dress.ts';
import { type Html, html, nothing, reference } from '../web/html.ts';
import { addressesIn } from '../web/sites.ts';
import { demonstrates } from './demonstrates.ts';
import type { DemoLogins, StartPlaces } from './places.ts';
import { PLACES, type Step, storyOf } from './story.ts';

export interface StartState {
  readonly directory: Directory;
  readonly places: StartPlaces;
  /** The institution whose story is shown. */
  readonly chosen: Institution;
  readonly href: (asset: string) => string;
}

const TITLE = 'Warifu（割符）を試す';

export function startPage({ directory, places, chosen, href }: StartState): Html {
  const { institutions, preparing = [] } = directory;
  const looks = everyInstitution(directory).map(({ key }) => `look-${key}.css`);
  const addressOf = addressesIn(directory);
  const steps = storyOf(chosen, addressOf(chosen), places);
  return document({
    title: TITLE,
    links: html`<link rel="icon" href="${href('favicon.svg')}" type="image/svg+xml">
${['bank.css', 'start.css', ...looks].map((name) => sheet(href(name)))}`,
    body: html`<a class="skip" href="#main">本文へ移動</a>
${reference}
<header class="hero"><div class="inner">
<h1>${TITLE}</h1>
<p>インターネットバンキングのワンタイムパスワードと取引認証を、お客さま、金融機関、職員の立場で体験できます。</p>
<p class="en" lang="en">One-time passwords and transaction confirmation, to try as a customer, a bank and its staff.</p>
${next(steps[0])}
</div></header>
<main id="main" class="inner">
<section aria-labelledby="banks"><h2 id="banks">金融機関 <span class="en" lang="en">Banks</span></h2>
<ul class="cards">${institutions.map((one) => card(one, addressOf(one), one === chosen))}${preparing.map(preparingCard)}</ul></section>
${story(chosen, steps)}
${places.demo ? logins(places.demo, institutions) : noLogins}
${otherPlaces(places, institutions)}
</main>
<footer class="footer"><div class="inner"><p>名称は説明のために用い、電話番号・口座・お客さまは架空のものです。</p></div></footer>`,
  });
}

/** The first thing to do, at the top of the page. */
function next(step: Step | undefined): Html {
  if (step === undefined) return nothing;
  return html`<p class="next"><span class="next-label">はじめに</span> <a class="action" href="#story">1. ${step.title}</a> <span class="en" lang="en">First: ${step.titleEn}</span></p>`;
}

function card(institution: Institution, bank: string, isChosen: boolean): Html {
  const { key, name, nameEn } = institution;
  return html`<li class="card ${dress(institution)}">
<div class="card-head">${mark(institution)}<h3>${name}<span class="en" lang="en">${nameEn}</span></h3></div>
<dl class="points">${demonstrates(institution).map((point) => html`<div><dt>${point.name}</dt><dd>${point.value}</dd></div>`)}</dl>
<p class="card-links"><a class="action" href="${bank}">ログイン画面へ<span class="visually-hidden">（${name}）</span></a><a href="${bank}/help">お困りのとき<span class="visually-hidden">（${name}）</span></a><a href="/?bank=${key}#story"${isChosen ? html` aria-current="true"` : nothing}>${name}の手順を見る</a></p>
</li>`;
}

function preparingCard(institution: PreparingInstitution): Html {
  const { name, nameEn, pageOrigins } = institution;
  return html`<li class="card card-preparing ${dress(institution)}">
<div class="card-head">${mark(institution)}<h3>${name}<span class="en" lang="en">${nameEn}</span></h3></div>
<p class="preparing">準備中 <span class="en" lang="en">In preparation</span></p>
<p class="card-links"><a href="${pageOrigins[0] ?? ''}">${name}の画面を見る</a></p>
</li>`;
}

function story(institution: Institution, steps: readonly Step[]): Html {
  return html`<section class="story ${dress(institution)}" id="story" aria-labelledby="story-heading">
<h2 id="story-heading">${institution.name}での手順 <span class="en" lang="en">Step by step</span></h2>
<p class="lead">上から順に進めます。リンクは新しいタブで開くので、終わったらこのページに戻ってください。</p>
<ol class="steps">${steps.map((step, index) => stepItem(step, index, steps[index + 1]))}</ol>
</section>`;
}

function stepItem(
  { title, titleEn, place, text, link }: Step,
  index: number,
  following: Step | undefined,
): Html {
  return html`<li class="step" id="step-${index + 1}">
<h3><span class="step-number">${index + 1}</span>${title}<span class="en" lang="en">${titleEn}</span></h3>
<p class="step-place">${PLACES[place]}で</p>
<p class="step-text">${text}</p>
<p class="step-links"><a class="action" href="${link.url}" target="_blank" rel="noopener">${link.label}</a>${
    following
      ? html`<a href="#step-${index + 2}">次は ${index + 2}. ${following.title}</a>`
      : html`<span>これで一通り完了です。</span>`
  }</p>
</li>`;
}

/** With a directory of one's own. */
const noLogins = html`<section aria-labelledby="logins"><h2 id="logins">お客さまと職員 <span class="en" lang="en">Customers and staff</span></h2>
<p class="lead">ご自分の金融機関の一覧で起動しているため、デモ用のお客さまと職員は登録されていません。トークンの手順は、テスト用のプログラム tests/e2e/own-bank.ts で試すことができます。</p>
<p class="lead" lang="en">Started with a directory of your own, which has no demo customers or staff. tests/e2e/own-bank.ts tries the token’s half.</p></section>`;

function logins(demo: DemoLogins, institutions: readonly Institution[]): Html {
  const { customers, contracts, password, confirmationPassword, clerk, supervisor, auditor } = demo;
  const has = (family: Institution['family']) => institutions.some((one) => one.family === family);
  const contractsOf = institutions.filter(({ family }) => family === 'SHINKIN').map(({ name }) => name);
  return html`<section aria-labelledby="logins"><h2 id="logins">デモのお客さま <span class="en" lang="en">Demo customers</span></h2>
<p class="lead">${contractsOf.length === 0 ? 'どの金融機関でも同じです。' : `${contractsOf.join('、')}のほかは、どの金融機関でも同じです。`}</p>
${
  has('ANSER')
    ? loginTable(
        ['ログインID', 'ログインパスワード', '確認用パスワード'],
        customers.map(({ name, loginId }) => [name, loginId, password, confirmationPassword]),
      )
    : nothing
}
${
  has('SHINKIN')
    ? html`<p class="lead">${contractsOf.join('、')}</p>${loginTable(
        ['契約者ID（利用者番号）', 'ログインパスワード', '資金移動用パスワード'],
        contracts.map(({ name, loginId, positional }) => [name, loginId, password, positional]),
      )}`
    : nothing
}
<p class="lead">職員コンソールでは、どの金融機関でも 職員ID <code>${clerk.staffId}</code>（担当者）、<code>${supervisor.staffId}</code>（役席者）、<code>${auditor.staffId}</code>（監査）、パスワード <code>${clerk.password}</code> です。</p></section>`;
}

/** @param rows one for each customer: the name, then what they log in with */
const loginTable = (names: readonly string[], rows: readonly (readonly string[])[]): Html =>
  html`<div class="scroll" tabindex="0"><table class="logins">
<thead><tr><th scope="col">お名前</th>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name = '', ...values]) =>
      html`<tr><th scope="row">${name}</th>${values.map((value) => html`<td><code>${value}</code></td>`)}</tr>`,
  )}</tbody>
</table></div>`;

function otherPlaces({ inboxOrigin, staffOrigin }: StartPlaces, institutions: readonly Institution[]): Html {
  const tokens = [...new Set(institutions.map(({ serviceOrigin }) => serviceOrigin))];
  const places = [
    { url: inboxOrigin, name: 'メールの受信箱', what: '銀行が送ったメールが、配達されずにここに届きます。' },
    ...tokens.map((url) => ({
      url,
      name: 'コンパニオン（トークン）',
      what: 'スマートフォンなど、どのブラウザでも使えるトークンです。お取引をするパソコンとは別の端末で確認するほうが安全です。',
    })),
    {
      url: staffOrigin,
      name: '職員コンソール',
      what: '申込書の登録、利用停止、認証停止の解除などを行います。',
    },
  ];
  return html`<section aria-labelledby="places"><h2 id="places">そのほかの画面 <span class="en" lang="en">Other places</span></h2>
<ul class="places">${places.map(({ url, name, what }) => html`<li><a href="${url}">${name}</a><p>${what}</p></li>`)}
<li><b>拡張機能</b><p>パソコンのブラウザ用のトークンです。<code>.output/chrome-mv3</code>（Chrome）または <code>.output/firefox-mv3</code>（Firefox）を読み込みます。</p></li></ul></section>`;
}
