import type { Institution } from '../../../../core/institution/directory.ts';
import { banner, navigation } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';
import { contactSection } from '../../common/pages/contact.ts';

/** Why the login does not go on, and what to do: two sentences or more. */
export interface Stopped {
  readonly reason: string;
  readonly todo: string;
}

export const stoppedContent = (institution: Institution, { reason, todo }: Stopped): Html =>
  html`${banner('caution', reason)}
<p class="lead">${todo}</p>
${contactSection(institution)}
${navigation([
  { label: 'お困りのとき', path: '/help' },
  { label: 'ログイン画面へ', path: '/' },
])}`;
