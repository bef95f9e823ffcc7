import { html } from 'hono/html';

export { html };

/** A piece of a page: everything put into the template is escaped unless it is such a piece itself. */
export type Html = ReturnType<typeof html>;

export const nothing: Html = html``;

/** Above everything on every page: this is no real bank. */
export const reference = html`<aside class="reference" aria-label="参考実装"><p>これは参考実装です。実在の金融機関のサイトではありません。</p></aside>`;
