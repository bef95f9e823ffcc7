import { document, sheet } from '../../web/document.ts';
import { mark } from '../../web/dress.ts';
import { type Html, html, nothing, reference } from '../../web/html.ts';
import type { SignedIn } from '../context.ts';
import { takesHardware } from '../imports.ts';
import { IMPORTS_PATH } from '../paths.ts';
import { mayAudit, mayImport, ROLE_LABELS } from '../roles.ts';

/** What every page needs besides its own content. */
interface StaffFrame {
  readonly href: (asset: string) => string;
  readonly formToken: string;
  readonly signedIn: SignedIn | undefined;
}

export interface StaffPage {
  readonly heading: string;
  readonly content: Html;
  /** The page has a search of its own, so the bar has none. */
  readonly searches?: boolean;
  /** Scripts of the page. */
  readonly scripts?: readonly string[];
  /** The title says that there are errors. */
  readonly failed?: boolean;
}

export function layout(
  frame: StaffFrame,
  { heading, content, failed, searches, scripts = [] }: StaffPage,
): Html {
  const { signedIn, href } = frame;
  const title = `${failed ? 'エラー：' : ''}${heading}｜職員コンソール（参考実装）`;
  return document({
    title,
    links: html`<link rel="icon" href="${href('favicon.svg')}" type="image/svg+xml">
${scripts.map((name) => html`<script src="${href(name)}" defer></script>`)}${sheet(href('staff.css'))}${signedIn ? sheet(href(`look-${signedIn.institution.key}.css`)) : nothing}`,
    body: html`<a class="skip" href="#main">本文へ移動</a>
${reference}
${header(frame, searches)}
<main id="main" class="main${signedIn ? '' : ' main-narrow'}">
<h1>${heading}</h1>
${content}
</main>`,
  });
}

function header({ signedIn, formToken }: StaffFrame, searches = false): Html {
  if (signedIn === undefined) {
    return html`<header class="bar"><p class="bar-name">職員コンソール</p></header>`;
  }
  const { clerk, institution } = signedIn;
  return html`<header class="bar">
<p class="bar-name"><a href="/" accesskey="h">職員コンソール</a></p>
<p class="bar-institution">${mark(institution)}${institution.name}</p>
${mayAudit(clerk) ? places(mayImport(clerk) && takesHardware(institution)) : nothing}
${searches ? nothing : search(formToken)}
<p class="bar-clerk"><a class="bar-own" href="/passkeys">${clerk.name}</a><span class="bar-id">${clerk.staff_id} ${ROLE_LABELS[clerk.role]}</span></p>
<form method="post" action="/sign-out"><input type="hidden" name="form_token" value="${formToken}"><button class="bar-out">サインアウト</button></form>
</header>
<div class="bar-edge look-${institution.key}"></div>`;
}

const places = (imports: boolean): Html =>
  html`<nav class="bar-nav" aria-label="業務"><a href="/audit">監査</a><a href="/status">状況</a>${imports ? html`<a href="${IMPORTS_PATH}">トークンの取り込み</a>` : nothing}</nav>`;

const search = (formToken: string): Html =>
  html`<form class="bar-search" method="post" action="/search" role="search" autocomplete="off">
<input type="hidden" name="form_token" value="${formToken}">
<label class="visually-hidden" for="bar-q">お客さまを検索</label>
<input id="bar-q" name="q" type="text" maxlength="64" placeholder="お客さまを検索" spellcheck="false" autocapitalize="off" accesskey="s">
<button>検索</button>
</form>`;
