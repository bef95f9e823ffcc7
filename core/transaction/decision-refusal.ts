/**
 * gone: expired, cancelled or decided otherwise in the meantime · unreachable: no answer; the same decision can be sent
 * again · untrusted: the institution's service did not sign the answer · clock: the service did not accept the request's
 * time · origin-required: the institution takes a confirmation only where its page is seen with it · vault: this device's storage failed · locked: the customer has to unlock the vault first
 */
export type DecisionRefusal =
  | 'gone'
  | 'unreachable'
  | 'untrusted'
  | 'clock'
  | 'origin-required'
  | 'vault'
  | 'locked';
