import type { Context } from 'hono';
import type { ServiceEnv } from './context.ts';
import { ProblemError } from './problem.ts';
import type { SigningDevice } from './store/access.ts';

/** The device whose key signed the proof. @throws ProblemError token_unknown */
export function theDevice(c: Context<ServiceEnv>): SigningDevice {
  const { device } = c.get('proof');
  if (device === undefined) throw new ProblemError('token_unknown');
  return device;
}

/** The same, where it may decide. @throws ProblemError token_unknown, device_not_allowed */
export function decider(c: Context<ServiceEnv>): SigningDevice {
  const device = theDevice(c);
  if (!device.mayDecide) throw new ProblemError('device_not_allowed');
  return device;
}

/** The same, where it holds the token's keys. @throws ProblemError token_unknown, device_not_allowed */
export function signer(c: Context<ServiceEnv>): SigningDevice {
  const device = theDevice(c);
  if (!device.mayMakeCodes) throw new ProblemError('device_not_allowed');
  return device;
}
