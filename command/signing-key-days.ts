/** Days from one step of a rotation of the signing key to the next: time for builds to reach every customer. */
export const SWITCH_AFTER_DAYS = 14;
export const FINISH_AFTER_DAYS = 90;
