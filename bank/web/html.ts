import { html } from 'hono/html';

export { html };

/** A piece of a page. The template escapes every value that is not such a piece. */
export type Html = ReturnType<typeof html>;

export const nothing: Html = html``;

/** At the top of every page: this is not a real bank. */
export const reference = html`<aside class="reference" aria-label="参考実装"><p>これは参考実装です。実在の金融機関のサイトではありません。</p></aside>`;
