import { number, object, oneOf, text } from './shape.ts';

/** Popup → background: measure the clock against an institution's service. */
export const clockMeasureSchema = object({ type: oneOf('clock.measure'), institution: text(40) });

/** The answer if the service could be reached. Both numbers are milliseconds. */
export const clockReplySchema = object({ offsetMs: number, measuredAt: number });
