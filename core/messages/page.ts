import { object, oneOf, type Shaped } from './shape.ts';

/**
 * Popup or background → content script. `fill` reads the page again, `report` only reports. Answered with a
 * `fillReportSchema`. The message does not say whether the customer asked; only the background knows.
 */
export const pageRequestSchema = object({ type: oneOf('page.report', 'page.fill') });

export type PageRequest = Shaped<typeof pageRequestSchema>;
