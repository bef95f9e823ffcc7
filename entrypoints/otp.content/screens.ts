import type { PageScreens } from '../../core/autofill/page-screens.ts';

/** Of the families that the directory of this build has. Put in by the build, so that no page carries the rest of them. */
declare const __WARIFU_SCREENS__: PageScreens;

export const { rules: SCREENS, words: WORDS } = __WARIFU_SCREENS__;
