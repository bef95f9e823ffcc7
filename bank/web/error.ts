import { banner, navigation } from './form.ts';
import { type Html, html, reference } from './html.ts';

export type ErrorStatus = 400 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;

interface ErrorText {
  readonly heading: string;
  readonly what: string;
  readonly todo: string;
}

/** Where work may have been begun and done: to do it again could do it twice. */
const LOOK_FIRST =
  'しばらくしてから、もう一度操作してください。お手続き中だった場合は、先にログイン後の画面で結果をご確認ください。';

const UNAVAILABLE = {
  heading: 'ただいまご利用いただけません',
  what: '申し訳ございません。アクセスが集中しているか、必要なシステムに接続できないため、ただいまご利用いただけません。',
} as const;

export const ERROR_TEXTS: Record<ErrorStatus, ErrorText> = {
  400: {
    heading: '送信内容を確認できませんでした',
    what: '送信された内容を読み取ることができませんでした。お手続きは行われていません。',
    todo: '画面のボタンを使用して、もう一度はじめから操作してください。',
  },
  403: {
    heading: '操作を受け付けられませんでした',
    what: '画面の有効期限が過ぎたか、他のサイトから送信された操作のため受け付けられませんでした。お手続きは行われていません。',
    todo: 'ブラウザのCookieが有効であることをご確認のうえ、ログイン画面またはトップページからもう一度操作してください。',
  },
  404: {
    heading: 'ページが見つかりません',
    what: 'お探しのページは見つかりませんでした。',
    todo: 'アドレスをご確認いただくか、下のボタンからお進みください。',
  },
  405: {
    heading: '操作を受け付けられませんでした',
    what: 'このページではその操作はできません。',
    todo: '画面のボタンを使用して操作してください。',
  },
  409: {
    heading: '操作を受け付けられませんでした',
    what: '現在の状態では、その操作はできません。お手続きは行われていません。',
    todo: 'トップページからもう一度操作してください。',
  },
  413: {
    heading: '送信内容が大きすぎます',
    what: '送信された内容が大きすぎるため受け付けられませんでした。お手続きは行われていません。',
    todo: '入力した内容をご確認のうえ、もう一度操作してください。',
  },
  415: {
    heading: '送信の形式を確認できませんでした',
    what: '送信された形式には対応していません。お手続きは行われていません。',
    todo: '画面のボタンを使用して、もう一度はじめから操作してください。',
  },
  429: {
    heading: 'しばらくお待ちください',
    what: '短い時間に何度もログインの操作があったため、ただいま受け付けられません。ログインが停止されたわけではありません。',
    todo: 'しばらくお待ちになってから、もう一度ログインしてください。',
  },
  500: {
    heading: 'システムエラーが発生しました',
    what: '申し訳ございません。システムエラーが発生しました。',
    todo: LOOK_FIRST,
  },
  503: { ...UNAVAILABLE, todo: LOOK_FIRST },
};

const NOT_BEGUN: ErrorText = {
  heading: UNAVAILABLE.heading,
  what: `${UNAVAILABLE.what}お手続きは行われていません。`,
  todo: 'しばらくしてから、もう一度操作してください。',
};

export function errorContent(status: ErrorStatus, loggedIn: boolean): Html {
  const { what, todo } = ERROR_TEXTS[status];
  return html`${banner('caution', what)}
<p class="lead">${todo}</p>
${navigation([
  loggedIn ? { label: 'トップページへ', path: '/top' } : { label: 'ログイン画面へ', path: '/' },
  { label: 'お困りのとき', path: '/help' },
])}`;
}

/**
 * Shown instead of any page while the bank cannot render the institution's own: it is overloaded or still starting.
 * @param status 502 only for a request that nothing was begun for
 */
export function unavailablePage(status: 502 | 503): string {
  const { heading, what, todo } = status === 502 ? NOT_BEGUN : ERROR_TEXTS[503];
  return String(html`<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
</head>
<body>
<p>これは参考実装です。実在の金融機関のサイトではありません。</p>
<main>
<h1>${heading}</h1>
<p>${what}</p>
<p>${todo}</p>
</main>
</body>
</html>`);
}

/** For a host that no institution has: there is no institution to style the page for. */
export function unknownHostPage(stylesheet: string): Html {
  return html`<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>サイトが見つかりません</title>
<link rel="stylesheet" href="${stylesheet}">
</head>
<body>
${reference}
<main class="main">
<h1>サイトが見つかりません</h1>
<p class="lead">このアドレスの金融機関は登録されていません。アドレスをご確認ください。</p>
</main>
</body>
</html>`;
}
