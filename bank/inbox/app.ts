import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { japaneseSecond } from '../format.ts';
import { type Html, html } from '../web/html.ts';
import type { Message, Messages } from './messages.ts';

const POLICY =
  "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The inbox as a page and as `GET /api/messages?to=`: an array, newest first. */
export function createInbox(messages: Messages): Hono {
  const stylesheet = readFileSync(join(import.meta.dirname, 'inbox.css'), 'utf8');
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('Content-Security-Policy', POLICY);
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cache-Control', 'no-store');
  });
  app.get('/api/messages', (c) => {
    const list = messages.list(c.req.query('to'));
    return c.json(list.map((message) => ({ ...message, to: message.to.join(', ') })));
  });
  app.get('/inbox.css', (c) => c.body(stylesheet, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/', (c) => {
    const to = c.req.query('to') ?? '';
    return c.html(page(messages.list(to), to));
  });
  return app;
}

function page(list: readonly Message[], to: string): Html {
  return html`<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>受信箱（開発用）</title>
<link rel="stylesheet" href="/inbox.css">
</head>
<body>
<header><div class="inner">
<h1>受信箱<span>開発用</span></h1>
<p>参考実装の銀行が送ったメールを、配達せずにここで受け取ります。最新の500通を表示します。</p>
<form method="get" action="/" role="search"><label for="to">宛先で絞り込む</label><input id="to" name="to" value="${to}" spellcheck="false" autocapitalize="off"><button>表示する</button><a href="/${to === '' ? '' : `?to=${encodeURIComponent(to)}`}">更新する</a></form>
</div></header>
<main class="inner">${list.length === 0 ? empty(to) : list.map(article)}</main>
</body>
</html>`;
}

function empty(to: string): Html {
  return html`<p class="empty">${to === '' ? 'メールはまだありません。' : `${to} 宛てのメールはありません。`}</p>`;
}

function article({ id, to, from, subject, text, date }: Message, index: number): Html {
  return html`<details${index === 0 ? html` open` : ''} id="message-${id}">
<summary><span class="subject">${subject}</span><time datetime="${date}">${japaneseSecond(Date.parse(date))}</time><span class="to">${to.join('、')} 宛て</span></summary>
<div class="body"><p class="from">差出人 ${from}</p><pre>${text}</pre></div>
</details>`;
}
