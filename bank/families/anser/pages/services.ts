import { japaneseMinute } from '../../../format.ts';
import type { ChangeRow } from '../../../store/changes.ts';
import { banner, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { CHANGE_NAMES } from './change.ts';

/** A change in progress, with its page. */
interface Open {
  readonly row: ChangeRow;
  readonly path: string;
}

/** ご利用サービスの変更. */
export function servicesContent(open: readonly Open[]): Html {
  return html`${open.length > 0 ? openSection(open) : nothing}${section(
    CHANGE_NAMES['limit-change'],
    html`<p class="lead">一日あたりの振込・振替限度額を変更します。</p>${navigation([
      { label: CHANGE_NAMES['limit-change'], path: '/services/limit', kind: 'secondary' },
    ])}`,
  )}${section(
    CHANGE_NAMES['email-change'],
    html`<p class="lead">お知らせをお送りするメールアドレスを変更します。</p>${navigation([
      { label: CHANGE_NAMES['email-change'], path: '/services/email', kind: 'secondary' },
    ])}`,
  )}`;
}

const openSection = (open: readonly Open[]) =>
  section(
    'お手続き中のお申込み',
    html`${open.map(
      ({ row, path }) =>
        html`<p class="section-action"><a href="${path}">${CHANGE_NAMES[row.type]}（${japaneseMinute(row.created_at.getTime())} お申込み）</a></p>`,
    )}`,
  );

/** In place of the form of a change that is not possible now. */
export const barredContent = (notice: string): Html =>
  html`${banner('caution', notice)}
${navigation([{ label: '戻る', path: '/services', kind: 'back' }])}`;
