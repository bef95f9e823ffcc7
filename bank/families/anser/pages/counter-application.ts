import { familyOf } from '../../../../core/family/families.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { applyAtCounter, counterOf } from '../../../token/ways.ts';
import { banner, facts, navigation, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';

/** For customers who have not applied on paper yet: where to apply and what to bring. */
export function counterApplicationContent(institution: Institution): Html {
  const { contact } = institution;
  const counter = counterOf(institution);
  return html`${banner('info', applyAtCounter(institution))}
${section(
  'お申し込みの窓口',
  facts([
    { name: '窓口', value: 'お取引店舗の窓口' },
    ...(counter === undefined
      ? []
      : [
          { name: '受付時間', value: counter.hours },
          { name: 'お持ちいただくもの', value: counter.bring },
        ]),
    { name: 'お問い合わせ', value: `電話 ${contact.phone}（${contact.hours}）` },
  ]),
)}
<p class="remark">${familyOf(institution).words.us}での登録手続きが終了しますと、申込書に記載のメールアドレスに「ワンタイムパスワード申請お取扱い開始のご案内」をお送りします。ご案内が届きましたら、メニューの「ワンタイムパスワード申請」からお手続きください。</p>
${navigation([{ label: 'トップページへ', path: '/top', kind: 'back' }])}`;
}
