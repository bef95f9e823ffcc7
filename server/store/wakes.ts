/**
 * Channel that every change of a token, a confirmation and what else is waited for notifies with its ids, separated by slashes,
 * such as `token/confirmation`, or `token/device` of one that is removed; and `/events` or `/device-events` if a bank is to be
 * told, `/pushes` if a device is.
 */
export const WAKE_CHANNEL = 'warifu';
