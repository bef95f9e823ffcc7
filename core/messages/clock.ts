import * as v from 'valibot';

/** Popup → background: measure the clock against an institution's service. */
export const clockMeasureSchema = v.strictObject({
  type: v.literal('clock.measure'),
  institution: v.pipe(v.string(), v.maxLength(40)),
});

/** The answer, where the service could be reached. Both numbers are milliseconds. */
export const clockReplySchema = v.object({ offsetMs: v.number(), measuredAt: v.number() });
