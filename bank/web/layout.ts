import { familyOf } from '../../core/family/families.ts';
import type { MenuEntry, Screen } from '../../core/family/screen.ts';
import type { Site } from '../context.ts';
import { document } from './document.ts';
import { brand, type Dressed, dress, sheets } from './dress.ts';
import { type Html, html, nothing, reference } from './html.ts';

/** 文字サイズ. */
export const TEXT_SIZES = [
  { key: 'normal', label: '標準' },
  { key: 'large', label: '大' },
  { key: 'largest', label: '特大' },
] as const;

export type TextSize = (typeof TEXT_SIZES)[number]['key'];

/** What every page needs besides its content. */
export interface Frame {
  readonly site: Site;
  readonly href: (asset: string) => string;
  readonly textSize: TextSize;
  /** Path of the screen; the customer returns to it after changing the text size. */
  readonly path: string;
  readonly formToken: string;
  /** Shown to customers who are logged in, together with ログアウト. */
  readonly menu: readonly MenuEntry[] | undefined;
}

export interface Page {
  readonly screen: Screen;
  /** A heading of its own, if the page is a refusal. */
  readonly heading?: string;
  readonly content: Html;
  /** The screen's own path, if it answers a request for another path. */
  readonly path?: string;
  /** Announces the page as one with errors. */
  readonly failed?: boolean;
}

export function layout(frame: Frame, page: Page): Html {
  const { institution } = frame.site;
  const { printsIds } = familyOf(institution);
  const heading = page.heading ?? page.screen.heading;
  const title = `${page.failed ? 'エラー：' : ''}${heading}｜${institution.name} インターネットバンキング（参考実装）`;
  return document({
    title,
    classes: `text-${frame.textSize} ${dress(institution)}`,
    links: html`${sheets(institution, frame.href)}
<script src="${frame.href('keyboard.js')}" type="module"></script>
<script src="${frame.href('print.js')}" type="module"></script>
<script src="${frame.href('follow.js')}" type="module"></script>`,
    body: html`<a class="skip" href="#main">本文へ移動</a>
${reference}
${header(frame)}
${frame.menu ? menu(frame.menu, page.screen) : nothing}
<main id="main" class="main">
<div class="screen-line">${trail(page.screen)}${printsIds ? html`<p class="screen-id">画面ID : ${page.screen.id}</p>` : nothing}</div>
<h1>${heading}</h1>
${page.content}
</main>
${footer(institution)}`,
  });
}

function header({ site, textSize, path, formToken, menu }: Frame): Html {
  return html`<header class="header">
<div class="header-inner">
${brand(site.institution, site.base === '' ? undefined : site.institution.bankCode)}
<div class="header-tools">
<a class="help-link" href="/help"${path === '/help' ? html` aria-current="page"` : nothing}>お困りのとき</a>
<form class="text-size" method="post" action="/text-size">
<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="return" value="${path}">
<span class="text-size-label" id="text-size-label">文字サイズを変更する</span>
<span class="text-size-buttons" role="group" aria-labelledby="text-size-label">${TEXT_SIZES.map(
    ({ key, label }) =>
      html`<button class="size-${key}" name="size" value="${key}" aria-pressed="${key === textSize ? 'true' : 'false'}">あ<span class="visually-hidden">（${label}）</span></button>`,
  )}</span>
</form>
${
  menu
    ? html`<form method="post" action="/logout"><input type="hidden" name="form_token" value="${formToken}"><button class="logout">ログアウト</button></form>`
    : nothing
}
</div>
</div>
</header>`;
}

function menu(entries: readonly MenuEntry[], screen: Screen): Html {
  return html`<nav class="menu" aria-label="メニュー"><ul>${entries.map(
    ({ path, label }) =>
      html`<li><a href="${path}"${path === screen.menu ? html` aria-current="true"` : nothing}>${label}</a></li>`,
  )}</ul></nav>`;
}

function trail({ trail = [], step }: Screen): Html {
  return html`<nav aria-label="現在の手順"><ol class="trail">${trail.map(
    (name, index) => html`<li${index === step ? html` aria-current="step"` : nothing}>${name}</li>`,
  )}</ol></nav>`;
}

export function footer({ name, contact }: Dressed): Html {
  return html`<footer class="footer">
<div class="footer-inner">
<p><span class="footer-label">お問い合わせ</span> ${name} <span class="nowrap">電話 ${contact.phone}</span> <span class="nowrap">（${contact.hours}）</span></p>
<p>この画面は Warifu（割符）の参考実装です。名称は説明のために用い、電話番号・口座・お客さまは架空のものです。</p>
</div>
</footer>`;
}
