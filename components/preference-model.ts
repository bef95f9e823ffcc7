import { type ReadonlySignal, signal } from '@preact/signals';
import { DEFAULT_PREFERENCES, type PreferenceKeeper, type Preferences } from '../core/preferences.ts';

/** How the customer wants codes and tokens shown. */
export interface PreferenceModel {
  readonly state: ReadonlySignal<Preferences>;
  change(changed: Partial<Preferences>): void;
}

/** @param keeper absent where nothing can be preferred: the defaults hold */
export function createPreferenceModel(keeper: PreferenceKeeper | undefined): PreferenceModel {
  const state = signal(keeper?.read() ?? DEFAULT_PREFERENCES);
  return {
    state,
    change(changed) {
      keeper?.keep(changed);
      state.value = { ...state.value, ...changed };
    },
  };
}
