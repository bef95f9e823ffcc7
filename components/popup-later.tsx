/** What the popup loads when it is first needed: one script, because each script costs time. */
export { Chooser } from './chooser.tsx';
export { createConfirmModel } from './confirm/confirm-model.ts';
export { ConfirmScreens } from './confirm/confirm-screens.tsx';
export { Elsewhere } from './elsewhere/elsewhere.tsx';
export { createElsewhereModel } from './elsewhere/elsewhere-model.ts';
