import defaults from '../core/institution/default.json' with { type: 'json' };
import { type Directory, directorySchema, type Institution } from '../core/institution/directory.ts';

export const DEFAULT_DIRECTORY = directorySchema.parse(defaults);

/** An institution of the default directory, on the default ports. */
export function institutionOf(key: string, { institutions } = DEFAULT_DIRECTORY): Institution {
  const found = institutions.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no ${key} in the directory`);
  return found;
}

/** The default directory, with one of its institutions still in preparation. */
export function announcing(announced: string): Directory {
  const { key, bankCode, name, nameEn, family, pageOrigins, accent, look, contact } =
    institutionOf(announced);
  const institutions = DEFAULT_DIRECTORY.institutions.filter((one) => one.key !== announced);
  const preparing = [{ key, bankCode, name, nameEn, family, pageOrigins, accent, look, contact }];
  return { institutions, preparing };
}

export const SENPOKU = institutionOf('senpoku');

/** An institution whose customers make their own tokens and register them by their シリアル番号. */
export const SHINKIN: Institution = {
  ...SENPOKU,
  key: 'minato',
  serviceId: '10119999',
  bankCode: '9999',
  name: 'みなと信用金庫',
  nameEn: 'Minato Shinkin Bank',
  family: 'SHINKIN',
  pageOrigins: ['http://minato.localhost:4601'],
  tokenKind: 'serial',
  otp: { algorithm: 'SHA-1', digits: 6, period: 30 },
  rules: { ...SENPOKU.rules, reissueAfterDays: 0, emailPassword: false },
};
