import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { type Maker, type RecoveryGuide, suspendsByCustomer } from '../../core/institution/guide.ts';
import type { DesktopPairing } from '../../core/shell.ts';
import { institutions } from '../directory.ts';

function guideOf({ rules, pageOrigins, helpPath, ...institution }: PinnedInstitution): RecoveryGuide {
  const { key, name, nameEn, family, accent, contact } = institution;
  const { reissueAfterDays, release } = rules;
  const { warnDays } = institution.policy;
  const [origin = ''] = pageOrigins;
  return {
    key,
    name,
    nameEn,
    family,
    accent,
    contact,
    warnDays,
    reissueAfterDays,
    release,
    suspends: suspendsByCustomer({ rules }),
    origin,
    help: helpPath && new URL(helpPath, origin).href,
  };
}

/** The guides of all institutions of the directory. */
export const guides: readonly RecoveryGuide[] = institutions.map(guideOf);

/** Where customers make their tokens themselves. */
export const makers: readonly Maker[] = institutions
  .filter(({ tokenKind }) => tokenKind === 'serial')
  .map(({ key, name, policy }) => ({ key, name, bindWithinHours: policy.bindWithinHours }));

/** The token services, each by its first institution, with the names of all. */
export const tokenServices: DesktopPairing['services'] = Object.values(
  Object.groupBy(institutions, ({ serviceOrigin }) => serviceOrigin),
).flatMap((own = []) => {
  const [first] = own;
  return first ? [{ institution: first.key, names: own.map(({ name }) => name) }] : [];
});
