import type { Institution } from '../../../../core/institution/directory.ts';
import { counterOf } from '../../../token/ways.ts';
import { type Fact, facts, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';

/** Something that goes wrong, and what to do: one sentence for each step, with a link to its page. */
export interface Trouble {
  readonly id: string;
  readonly heading: string;
  readonly steps: readonly (string | Html)[];
}

/** お困りのとき: first whom to call, then each trouble. */
export function helpPage(institution: Institution, troubles: readonly Trouble[]): Html {
  return html`<p class="lead">ワンタイムパスワードが使えなくなったときのお手続きと、ご連絡先です。</p>
<section class="section help-contact"><h2>ご連絡先（お急ぎのときは、お電話ください）</h2>
<p class="phone help-phone"><a href="tel:${institution.contact.phone}">${institution.contact.phone}</a></p>
${facts(contactFacts(institution))}</section>
<nav class="help-list" aria-label="お困りの内容"><ul class="link-row">${troubles.map(
    ({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`,
  )}</ul></nav>
${troubles.map(shown)}
<div class="buttons buttons-print help-print"><button type="button" class="button button-secondary" data-print hidden>ページを印刷する</button></div>`;
}

const shown = ({ id, heading, steps }: Trouble): Html =>
  html`<div id="${id}" class="help-trouble">${section(
    heading,
    html`<ol class="help-steps">${steps.map((step) => html`<li>${step}</li>`)}</ol>`,
  )}</div>`;

function contactFacts(institution: Institution): Fact[] {
  const counter = counterOf(institution);
  const told = [{ name: 'お電話の受付時間', value: institution.contact.hours }];
  if (counter === undefined) return told;
  return [
    ...told,
    { name: '窓口の受付時間', value: `${counter.hours}（お取引店舗の窓口）` },
    { name: '窓口にお持ちいただくもの', value: counter.bring },
  ];
}
