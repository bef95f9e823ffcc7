import { familyOf } from '../../core/family/families.ts';
import type { Institution, ReleaseWay } from '../../core/institution/directory.ts';

/** What an institution's customers do away from its pages: at the counter or by telephone. */

/** Whether customers release their token themselves, on the institution's pages. */
export const releasesOnline = ({ rules }: Pick<Institution, 'rules'>): boolean =>
  rules.release.some(({ by }) => by === 'self-service');

/** Whether customers can move to a new device by themselves: that releases the token on the old one. */
export const replacesOnline = releasesOnline;

/** A sentence: who releases a token, if the customer cannot. */
export const releaseElsewhere = (institution: Institution): string =>
  `ワンタイムパスワードの利用解除は、${elsewhere(institution)}`;

/** A sentence: who suspends a token, if the customer cannot. */
export const suspendElsewhere = (institution: Institution): string =>
  `トークンの利用停止は、この画面ではお手続きできません。トークンの利用停止は、${elsewhere(institution)}`;

/** Places as a phrase; the telephone if there are none, as every institution has a number. */
export const placesOrPhone = (places: readonly string[]): string =>
  places.length === 0 ? 'お電話' : places.join('または');

function elsewhere({ rules, contact }: Institution): string {
  const places = rules.release.flatMap((way) => {
    if (way.by === 'counter') return [`お取引店舗の窓口（${way.hours}、お持ちいただくもの：${way.bring}）`];
    return way.by === 'phone' ? ['お電話'] : [];
  });
  return `${placesOrPhone(places)}で承ります。お問い合わせ：電話 ${contact.phone}（${contact.hours}）`;
}

/** The counter, if the directory describes one. */
export const counterOf = ({ rules }: Institution): Extract<ReleaseWay, { by: 'counter' }> | undefined =>
  rules.release.find((way) => way.by === 'counter');

/** Whether customers apply on paper, at the counter. */
export const takesPaper = ({ rules }: Pick<Institution, 'rules'>): boolean => rules.application === 'counter';

/**
 * Sentences: how a customer whose token is locked uses it again, if that takes a form at the counter.
 * @param call where to ask
 */
export const unlockAtCounter = (
  institution: Institution,
  call = '下記までご連絡ください。',
): string | undefined =>
  takesPaper(institution)
    ? `ご利用を再開される場合は、お取引店舗の窓口に、${familyOf(institution).words.us}所定の申込書をご提出ください。ご不明な点は、${call}`
    : undefined;

interface Applicant {
  readonly applied_at: Date | null;
  readonly user_id: string | null;
}

/** Whether a customer must still apply on paper. A customer with an earlier token has applied, or did not need to. */
export const mustApplyOnPaper = (
  institution: Pick<Institution, 'rules'>,
  { applied_at, user_id }: Applicant,
): boolean => takesPaper(institution) && applied_at === null && user_id === null;

/** A phrase: where to apply. */
export const applyAtCounter = (institution: Institution): string =>
  `ワンタイムパスワードのご利用には、窓口でのお申し込みが必要です。お取引店舗の窓口に、${familyOf(institution).words.us}所定の「ワンタイムパスワード申込書」をご提出ください。`;
