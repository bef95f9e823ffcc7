import type { TokenStatus } from '../../core/api/bank.ts';
import { confirmations } from './test-confirmation.ts';
import { type Customer, type TestService, wrongCode } from './test-service.ts';

/** What staff can do to a token in each state it can be in: docs/PROTOCOL.md as a table. */

export const ACTS = ['unlock', 'suspend', 'resume', 'release', 'void', 'replace'] as const;

export type Act = (typeof ACTS)[number];

const IN_USE = { release: 'released', replace: 'released' } as const;
const NOT_IN_USE = { void: 'void' } as const;

/** Of each state, the acts that its status allows, and the state each leads to. */
export const LEADS_TO = {
  issued: { ...NOT_IN_USE, suspend: 'suspended from issued' },
  'run out': NOT_IN_USE,
  enrolled: { ...NOT_IN_USE, suspend: 'suspended from enrolled' },
  active: { ...IN_USE, suspend: 'suspended from active' },
  locked: { ...IN_USE, unlock: 'active', suspend: 'suspended from locked' },
  'locked at 利用開始': { ...IN_USE, unlock: 'enrolled', suspend: 'suspended, locked at 利用開始' },
  'suspended from issued': { ...NOT_IN_USE, resume: 'issued' },
  'suspended from enrolled': { ...NOT_IN_USE, resume: 'enrolled' },
  'suspended from active': { ...IN_USE, resume: 'active' },
  'suspended from locked': { ...IN_USE, resume: 'locked' },
  'suspended, locked at 利用開始': { ...IN_USE, resume: 'locked at 利用開始' },
  'suspended by “not me”': { ...IN_USE, resume: 'active' },
  released: {},
  void: {},
} as const satisfies Record<string, Partial<Record<Act, string>>>;

export type State = keyof typeof LEADS_TO;

export const STATES = Object.keys(LEADS_TO) as State[];

/** Where an act leads; undefined where it is refused. */
export const nextState = (state: State, act: Act): State | undefined =>
  (LEADS_TO[state] as Partial<Record<Act, State>>)[act];

/** The status a bank is told of a token in a state. */
export function statusOf(state: State): TokenStatus {
  if (state === 'run out') return 'void';
  if (state.startsWith('suspended')) return 'suspended';
  if (state.startsWith('locked')) return 'locked';
  return state as TokenStatus;
}

/** A token by what the bank and the database call it. */
export type Named = Pick<Customer, 'userId'>;

/** Makes tokens in each state, and acts on them as staff do. */
export function staffActs(service: TestService) {
  /** @param more members of the body beside who acts and why */
  function request(act: Act, { userId }: Named, more: object = {}, headers?: Record<string, string>) {
    const body = {
      actor: 'staff01',
      reason: '電話による申し出',
      ...(act === 'replace' && { activationPassword: '24680135' }),
      ...more,
    };
    return service.staff('POST', `/v1/staff/tokens/${userId}/${act}`, body, headers);
  }

  async function done<T extends Named>(act: Act, token: T): Promise<T> {
    const response = await request(act, token);
    if (!response.ok) throw new Error(`${act} answered ${response.status}: ${await response.text()}`);
    return token;
  }

  async function show({ userId }: Named) {
    const response = await service.staff('GET', `/v1/staff/tokens/${userId}`);
    return (await response.json()) as { status: TokenStatus; suspendedFrom?: TokenStatus };
  }

  async function lock(customer: Customer, use: 'activate' | 'verify'): Promise<Customer> {
    const wrong = await wrongCode(customer);
    for (let attempt = 0; attempt < 10; attempt += 1) await service.present(use, customer, wrong);
    return customer;
  }

  const locked = async () => lock(await service.active(), 'verify');
  const lockedAtActivation = async () => lock(await service.enrol(), 'activate');

  const make: Record<State, () => Promise<Named>> = {
    issued: () => service.issue(),
    'run out': async () => {
      const issue = await service.issue();
      await service.db
        .updateTable('tokens')
        .set({ enrol_by: new Date(service.clock.now() - 1) })
        .where('user_id', '=', issue.userId)
        .execute();
      return issue;
    },
    enrolled: () => service.enrol(),
    active: () => service.active(),
    locked,
    'locked at 利用開始': lockedAtActivation,
    'suspended from issued': async () => done('suspend', await service.issue()),
    'suspended from enrolled': async () => done('suspend', await service.enrol()),
    'suspended from active': async () => done('suspend', await service.active()),
    'suspended from locked': async () => done('suspend', await locked()),
    'suspended, locked at 利用開始': async () => done('suspend', await lockedAtActivation()),
    'suspended by “not me”': async () => {
      const { ask, decide } = confirmations(service);
      const customer = await service.active();
      await decide(customer, await ask(customer), 'not-me');
      return customer;
    },
    released: async () => done('release', await service.active()),
    void: async () => done('void', await service.issue()),
  };

  return { request, done, show, locked, make };
}
