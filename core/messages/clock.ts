import * as v from 'valibot';

/** Popup → background: measure the clock against an institution's service. Answered with the offset, or null. */
export const clockMeasureSchema = v.strictObject({
  type: v.literal('clock.measure'),
  institution: v.pipe(v.string(), v.maxLength(40)),
});

export const clockReplySchema = v.nullable(v.strictObject({ offsetMs: v.number(), measuredAt: v.number() }));

export type ClockMeasure = v.InferOutput<typeof clockMeasureSchema>;
