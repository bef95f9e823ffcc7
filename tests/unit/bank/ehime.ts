import { institutionSchema } from '../../../core/institution/directory.ts';
import { DEFAULT_DIRECTORY } from '../../institutions.ts';

const announced = DEFAULT_DIRECTORY.preparing?.find(({ key }) => key === 'ehime');

/** The bank of the しんきん family: as it is announced, with what it needs to be open. */
export const EHIME = institutionSchema.parse({
  ...announced,
  serviceId: '10119902',
  tokenKind: 'serial',
  serviceOrigin: 'http://token.localhost:4600',
  otp: { algorithm: 'SHA-1', digits: 6, period: 30 },
  helpPath: '/help',
  mailFrom: 'otp@ehime.example',
  confirmation: 'approve',
  rules: {
    dailyLimitWithoutOtp: 500_000,
    dailyLimitMost: 10_000_000,
    hardwareLimit: 300_000,
    limitChangeAfterDays: 3,
    reissueAfterDays: 0,
    application: 'online',
    emailPassword: false,
    callerQuestions: ['お名前、生年月日、お届けの電話番号は、届出のとおりですか。'],
    suspend: 'staff',
    release: [
      { by: 'self-service', path: '/' },
      {
        by: 'counter',
        hours: '平日 9:00〜15:00',
        hoursEn: 'Weekdays 9:00–15:00',
        bring: '本人確認書類、代表口座のお届印、ソフトウェアトークン解約届',
        bringEn: 'Proof of identity, the seal registered for your main account and the cancellation form',
      },
    ],
  },
});

/** Where its pages are. */
export const EHIME_PLACE = { origin: 'http://ehime.localhost:4601', base: '' };
