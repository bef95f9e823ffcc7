/** A device clock compared with the service's. Both numbers are milliseconds. */
export interface ClockOffset {
  /** Service time minus device time: what is added to the device's clock. */
  readonly offsetMs: number;
  /** Device time when it was measured. */
  readonly measuredAt: number;
}

/** A clock this far off is worth telling the customer about. */
export const NOTABLE_OFFSET_MS = 10_000;

/**
 * How long a measurement speaks for the clock, in device time. A clock moved since then by more than this, either way,
 * makes it look too old or from the future: so no code further off than this is ever filled.
 */
export const MEASUREMENT_LIFETIME_MS = 5 * 60_000;

/** Device time corrected to the service's; the device's own where nothing was measured yet. */
export function correctedTime(deviceMs: number, offset: ClockOffset | undefined): number {
  return deviceMs + (offset?.offsetMs ?? 0);
}

/** Whether a measurement still says something about the clock: not too old, and not from its future. */
export function isCurrent({ measuredAt }: ClockOffset, deviceMs: number): boolean {
  return measuredAt <= deviceMs && deviceMs - measuredAt <= MEASUREMENT_LIFETIME_MS;
}

/**
 * An offset from one exchange with the service, taking half the round trip as the way back.
 * @param sentAt device time before the request
 * @param receivedAt device time after the answer
 * @param serviceNow the service's time in the answer
 */
export function offsetFrom(sentAt: number, receivedAt: number, serviceNow: number): ClockOffset {
  return { offsetMs: Math.round(serviceNow - (sentAt + receivedAt) / 2), measuredAt: receivedAt };
}

export interface ClockKeeper {
  /** The last measurement against an institution's service. */
  offset(institution: string): Promise<ClockOffset | undefined>;
  /** Measures now; undefined where the service cannot be reached or its answer is not to be trusted. */
  measure(institution: string): Promise<ClockOffset | undefined>;
}
