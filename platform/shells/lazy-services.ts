import type { Shell } from '../../core/shell.ts';
import { readOffset } from '../storage/offset-reader.ts';
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
