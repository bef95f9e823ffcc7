import { familyOf } from '../../core/family/families.ts';
import type { Directory, PreparingInstitution } from '../../core/institution/directory.ts';
import { brand, dress, sheets } from './dress.ts';
import { banner } from './form.ts';
import { type Html, html, reference } from './html.ts';
import { footer } from './layout.ts';

/** Which institution in preparation has its pages at a host. */
export function preparingSites({
  preparing = [],
}: Directory): (host: string) => PreparingInstitution | undefined {
  const byHost = new Map(
    preparing.flatMap((institution) =>
      institution.pageOrigins.map((origin) => [new URL(origin).host, institution] as const),
    ),
  );
  return (host) => byHost.get(host);
}

/** All that an institution in preparation has: who it is, and that there is nothing to do yet. */
export function preparingPage(institution: PreparingInstitution, href: (asset: string) => string): Html {
  const { us } = familyOf(institution).words;
  return html`<!DOCTYPE html>
<html lang="ja" class="${dress(institution)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>準備中｜${institution.name} インターネットバンキング（参考実装）</title>
${sheets(institution, href)}
</head>
<body>
${reference}
<header class="header"><div class="header-inner">${brand(institution)}</div></header>
<main class="main">
<h1>準備中</h1>
${banner('info', `${us}のインターネットバンキングは、ただいま準備中です。ログインやお手続きは、まだご利用いただけません。`)}
<p class="lead" lang="en">${institution.nameEn} is in preparation: its internet banking is not open yet.</p>
</main>
${footer(institution)}
</body>
</html>`;
}
