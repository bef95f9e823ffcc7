import type { Institution } from '../../../../core/institution/directory.ts';
import { section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';

/** The telephone numbers to call. */
export const contactSection = ({ contact }: Pick<Institution, 'contact'>, lead?: string): Html =>
  section(
    'ご連絡先',
    html`<p class="phone"><a href="tel:${contact.phone}">${contact.phone}</a></p><p class="lead">受付時間：${contact.hours}</p>`,
    lead,
  );
