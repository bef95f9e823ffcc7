import { familyOf } from '../../core/family/families.ts';
import type { Directory, PreparingInstitution } from '../../core/institution/directory.ts';
import { document } from './document.ts';
import { brand, dress, sheets } from './dress.ts';
import { banner } from './form.ts';
import { type Html, html, reference } from './html.ts';
import { footer } from './layout.ts';

/** Finds the institution in preparation whose pages are at a host. */
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

/** The only page of an institution in preparation: its name, and that nothing works yet. */
export function preparingPage(institution: PreparingInstitution, href: (asset: string) => string): Html {
  const { us } = familyOf(institution).words;
  return document({
    title: `準備中｜${institution.name} インターネットバンキング（参考実装）`,
    classes: dress(institution),
    links: sheets(institution, href),
    body: html`${reference}
<header class="header"><div class="header-inner">${brand(institution)}</div></header>
<main class="main">
<h1>準備中</h1>
${banner('info', `${us}のインターネットバンキングは、ただいま準備中です。ログインやお手続きは、まだご利用いただけません。`)}
<p class="lead" lang="en">${institution.nameEn} is in preparation: its internet banking is not open yet.</p>
</main>
${footer(institution)}`,
  });
}
