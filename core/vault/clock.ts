/** A device clock compared with the service's. Both numbers are milliseconds. */
export interface ClockOffset {
  /** Service time minus device time, to be added to the device's clock. */
  readonly offsetMs: number;
  /** Device time of the measurement. */
  readonly measuredAt: number;
}

/** The customer is told about a clock that is this far off. */
export const NOTABLE_OFFSET_MS = 10_000;

/**
 * How long a measurement is valid, in device time. If the clock is moved by more than this, the measurement looks too old or from
 * the future; so no code is ever filled that is further off than this.
 */
export const MEASUREMENT_LIFETIME_MS = 5 * 60_000;

/** Device time corrected to the service's; uncorrected if nothing was measured yet. */
export function correctedTime(deviceMs: number, offset: ClockOffset | undefined): number {
  return deviceMs + (offset?.offsetMs ?? 0);
}

/** Whether a measurement is still valid: neither too old nor from the future. */
export function isCurrent({ measuredAt }: ClockOffset, deviceMs: number): boolean {
  return measuredAt <= deviceMs && deviceMs - measuredAt <= MEASUREMENT_LIFETIME_MS;
}

export interface ClockKeeper {
  /** The last measurement against an institution's service. */
  offset(institution: string): Promise<ClockOffset | undefined>;
  /** Measures now; undefined if the service cannot be reached or its answer cannot be trusted. */
  measure(institution: string): Promise<ClockOffset | undefined>;
}
