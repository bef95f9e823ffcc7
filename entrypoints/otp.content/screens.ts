import type { PageScreens } from '../../core/autofill/page-screens.ts';

/** The rules of the families in this build's directory. The build inserts them, so that pages do not load the others. */
declare const __WARIFU_SCREENS__: PageScreens['rules'];

export const PAGE_SCREENS: PageScreens['rules'] = __WARIFU_SCREENS__;
