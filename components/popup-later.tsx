/** What the popup loads when it is first wanted: one script, for each has a cost of its own. */
export { Chooser } from './chooser.tsx';
export { createConfirmModel } from './confirm/confirm-model.ts';
export { ConfirmScreens } from './confirm/confirm-screens.tsx';
