import { type Html, html, nothing } from './html.ts';

export interface Document {
  readonly title: string;
  /** Classes of the root element. */
  readonly classes?: string;
  /** Icon, sheets and scripts. */
  readonly links: Html;
  readonly body: Html;
}

/** A whole page, in Japanese. Search engines must not list a reference implementation. */
export function document({ title, classes, links, body }: Document): Html {
  return html`<!DOCTYPE html>
<html lang="ja"${classes === undefined ? nothing : html` class="${classes}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
${links}
</head>
<body>
${body}
</body>
</html>`;
}

/** A link to a style sheet. */
export const sheet = (href: string): Html => html`<link rel="stylesheet" href="${href}">\n`;
