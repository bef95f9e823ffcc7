import { type Attacker, snitch } from './attacker.ts';

/** What an attack changes of a page that would be filled. Attributes begin with a space. */
export interface PageParts {
  readonly head?: string;
  readonly style?: string;
  readonly screen?: string;
  readonly heading?: string;
  readonly label?: string;
  readonly form?: string;
  readonly action?: string;
  readonly field?: string;
  readonly button?: string;
  /** In place of the line with label and field. */
  readonly line?: string;
  /** In place of the whole form and what surrounds it. */
  readonly main?: string;
  readonly before?: string;
  readonly after?: string;
  /** Runs in the page's own world, as it is parsed. */
  readonly script?: string;
  /** Whether whatever comes to stand in a field is sent to the attacker; it is, unless told. */
  readonly tells?: boolean;
}

export const LABEL = '<label for="code">ワンタイムパスワード</label>';

/** Boxes of one digit under the name of the code, to put in place of the line; the last with more. */
export const boxes = (count: number, last = ''): string =>
  Array.from(
    { length: count },
    (_none, at) =>
      `<input class="box" maxlength="1" aria-label="ワンタイムパスワード"${at === count - 1 ? last : ''}>`,
  ).join('');

/** BLI023 as the extension fills it, changed by an attack. Synthetic: no real page is copied. */
export function bankPage(parts: PageParts, attacker: Pick<Attacker, 'lootUrl'>): string {
  const {
    screen = '画面ID : BLI023',
    heading = 'ログイン（ワンタイムパスワード認証）',
    label = 'ワンタイムパスワード',
    action = '/ib/next',
  } = parts;
  const line =
    parts.line ??
    `<p><label for="code">${label}</label> <input id="code" name="code" maxlength="8"${parts.field ?? ''}></p>`;
  const main =
    parts.main ??
    `<form id="form" method="post" action="${action}"${parts.form ?? ''}>
<div id="outer"><div id="inner">${line}</div></div>
<p><button id="next"${parts.button ?? ''}>次へ</button></p>
</form>`;
  return `<!DOCTYPE html>
<html lang="ja">
<head><meta charset="utf-8"><title>インターネットバンキング</title>${parts.head ?? ''}
<style>${parts.style ?? ''}</style>
${parts.tells === false ? '' : snitch(attacker)}
${parts.script === undefined ? '' : `<script>${parts.script}</script>`}
</head>
<body>
${parts.before ?? ''}<p>${screen}</p>
<h1>${heading}</h1>
${main}
<div id="cover"></div>
${parts.after ?? ''}</body>
</html>`;
}

/** Sets `played` once the page has done what it is about. */
export const PLAYED = 'globalThis.played = true;';
