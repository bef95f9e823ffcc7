import { html } from './html.ts';

/** Above everything on every page: this is no real bank. */
export const reference = html`<aside class="reference" aria-label="参考実装"><p>これは参考実装です。実在の金融機関のサイトではありません。</p></aside>`;
