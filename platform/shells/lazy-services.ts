import type { DesktopPairing, PhonePairing, Shell } from '../../core/shell.ts';
import { readOffset } from '../storage/offset-reader.ts';
import { tokenServices } from './guides.ts';
import { describeDevice } from './this-device.ts';

const load = () => import('./services.ts');

/** Undefined if the browser cannot load it, as where it keeps an older version of the page in part. */
const tried = () => load().catch(() => undefined);

const unreachable = { kind: 'refused', reason: 'unreachable' } as const;

/** What speaks with the services, loaded at its first use, so that the code is drawn before. */
export function lazyServices(
  form: 'extension' | 'companion',
): Pick<Shell, 'clockKeeper' | 'enroller' | 'suspender' | 'history'> {
  const device = describeDevice(form, navigator.userAgent);
  return {
    clockKeeper: {
      offset: readOffset,
      measure: async (institution) => (await tried())?.clockKeeper.measure(institution),
    },
    enroller: {
      enrol: async (...given) => (await tried())?.enrollerFor(device).enrol(...given) ?? unreachable,
      make: async (...given) => (await tried())?.enrollerFor(device).make(...given) ?? unreachable,
    },
    suspender: {
      suspend: async (token) => (await tried())?.suspender.suspend(token) ?? unreachable,
    },
    history: { list: async () => (await load()).history.list() },
  };
}

/** 連携 in the extension. */
export const desktopPairing = (): DesktopPairing => ({
  kind: 'desktop',
  services: tokenServices,
  pairer: {
    offer: async (...given) => (await desktopPairer())?.offer(...given) ?? unreachable,
    leave: async (...given) => (await desktopPairer())?.leave(...given),
  },
});

const desktopPairer = async () =>
  (await tried())?.desktopPairerFor(describeDevice('extension', navigator.userAgent));

/** 連携 in the companion. */
export const phonePairing = (loadReader: PhonePairing['loadReader']): PhonePairing => ({
  kind: 'phone',
  loadReader,
  pairer: {
    take: async (...given) => (await tried())?.phonePairer.take(...given) ?? unreachable,
    desktops: async (...given) => (await tried())?.phonePairer.desktops(...given) ?? unreachable,
    remove: async (...given) => (await tried())?.phonePairer.remove(...given) ?? unreachable,
  },
});
