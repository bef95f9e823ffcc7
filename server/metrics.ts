import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Counter, Gauge } from 'prom-client';
import type { Directory } from '../core/institution/directory.ts';
import { type DatabaseLabels, keyAge, registry } from '../host/metrics.ts';
import { readOutbox, readUnlinked, secondsSince } from '../host/read-metrics.ts';
import { SIGNING_KEY_FILES } from './signing-key.ts';
import { CODE_USES } from './store/codes.ts';
import type { Database } from './store/database.ts';
import type { GatheredStore } from './store/gathered.ts';
import { API_KEY_KINDS, BANK_CHANNELS } from './store/schema.ts';

/** What the token service tells Prometheus beside what `host/metrics.ts` has. */
const codes = new Counter({
  registers: [registry],
  name: 'warifu_codes_total',
  help: 'Codes that banks presented, by their use and what came of them',
  labelNames: ['institution', 'use', 'outcome'],
});

const enrolments = new Counter({
  registers: [registry],
  name: 'warifu_enrolments_total',
  help: 'Attempts at 初期設定, by what came of them',
  labelNames: ['institution', 'outcome'],
});

const confirmations = new Counter({
  registers: [registry],
  name: 'warifu_confirmations_total',
  help: '取引認証: asked, decided and used, by what came of it',
  labelNames: ['institution', 'step', 'outcome'],
});

const challenges = new Counter({
  registers: [registry],
  name: 'warifu_challenges_total',
  help: 'Logins by signature: asked, signed and used, by what came of it',
  labelNames: ['institution', 'step', 'outcome'],
});

export const countChallenge = (institution: string, step: string, outcome: string) =>
  challenges.inc({ institution, step, outcome });

const pairings = new Counter({
  registers: [registry],
  name: 'warifu_pairings_total',
  help: '連携: codes given and decisions, by what came of them',
  labelNames: ['institution', 'outcome'],
});

export const countPairing = (institution: string, outcome: string) => pairings.inc({ institution, outcome });

const approvals = new Counter({
  registers: [registry],
  name: 'warifu_approvals_total',
  help: '承認 of codes: asked and decided, by what came of it',
  labelNames: ['institution', 'outcome'],
});

export const countApproval = (institution: string, outcome: string) =>
  approvals.inc({ institution, outcome });

export const streamsOpen = new Gauge({
  registers: [registry],
  name: 'warifu_event_streams_open',
  help: 'Event streams of tokens at this node',
});

export const waitersOpen = new Gauge({
  registers: [registry],
  name: 'warifu_waiters_open',
  help: 'Requests of banks that wait for a confirmation to change',
});

const CODE_USE_NAMES = [...Object.keys(CODE_USES), 'bind', 'exchange'];

/** Begins what alerts ask for at 0: of a series that begins with an event, Prometheus sees no increase by that event. */
function beginCounting(institution: string): void {
  for (const use of CODE_USE_NAMES) codes.inc({ institution, use, outcome: 'wrong' }, 0);
  for (const outcome of ['wrong', 'unknown', 'limited']) enrolments.inc({ institution, outcome }, 0);
  challenges.inc({ institution, step: 'signed', outcome: 'refused' }, 0);
  challenges.inc({ institution, step: 'disowned', outcome: 'done' }, 0);
}

/** Counts what comes of the calls to a store. */
export function countOutcomes(store: GatheredStore, { institutions }: Directory): GatheredStore {
  for (const { key } of institutions) beginCounting(key);
  const takeCode =
    (take: GatheredStore['takeCode']): GatheredStore['takeCode'] =>
    async (code) => {
      const outcome = await take(code);
      codes.inc({ institution: code.write.institution, use: code.use, outcome });
      return outcome;
    };
  const step = (institution: string, name: string, outcome: string) =>
    confirmations.inc({ institution, step: name, outcome });
  const useSignature =
    (use: GatheredStore['useSignature']): GatheredStore['useSignature'] =>
    async (signature) => {
      const used = await use(signature);
      countChallenge(signature.write.institution, 'used', used?.outcome ?? 'unknown');
      return used;
    };
  return {
    ...store,
    askSignature: async (ask) => {
      const row = await store.askSignature(ask);
      countChallenge(ask.write.institution, 'asked', row === undefined ? 'refused' : 'done');
      return row;
    },
    sign: async (signature) => {
      const row = await store.sign(signature);
      countChallenge(signature.write.institution, 'signed', row?.status ?? 'overtaken');
      return row;
    },
    useSignature: useSignature(store.useSignature),
    takeOverBySignature: useSignature(store.takeOverBySignature),
    takeCode: takeCode(store.takeCode),
    takeOver: takeCode(store.takeOver),
    bind: async (binding) => {
      const outcome = await store.bind(binding);
      const use = binding.old ? 'exchange' : 'bind';
      codes.inc({ institution: binding.write.institution, use, outcome });
      return outcome;
    },
    enrol: async (attempt) => {
      const outcome = await store.enrol(attempt);
      enrolments.inc({ institution: attempt.write.institution, outcome });
      return outcome;
    },
    ask: async (ask) => {
      const row = await store.ask(ask);
      step(ask.write.institution, 'asked', row === undefined ? 'refused' : 'done');
      return row;
    },
    decide: async (decide) => {
      const row = await store.decide(decide);
      step(decide.write.institution, 'decided', row === undefined ? 'refused' : decide.decision);
      return row;
    },
    use: async (use) => {
      const used = await store.use(use);
      step(use.write.institution, 'used', used.outcome);
      return used;
    },
  };
}

/**
 * Reads what a database says of its institutions.
 * @param banks the institutions whose banks are sent events; nobody waits for those of others
 * @throws Error if the database does not answer
 */
export async function readMetrics(
  db: Database,
  { institutions }: Directory,
  banks: readonly string[],
  at: Date,
  labels: DatabaseLabels = {},
): Promise<void> {
  const events = { table: 'events', deliveredAt: 'delivered_at' };
  await readOutbox(db, { ...events, name: 'events', channels: BANK_CHANNELS, targets: banks }, at, labels);
  await readOutbox(db, { ...events, name: 'pushes', channels: ['push'] }, at, labels);
  await readUnlinked(db, 'audit', at, labels);
  const own = institutions.map(({ key }) => key);
  const oldestKeys = await db
    .selectFrom('api_keys')
    .select((e) => ['institution', 'kind', e.fn.min('created_at').as('since')])
    .where('revoked_at', 'is', null)
    .where('institution', 'in', own)
    .groupBy(['institution', 'kind'])
    .execute();
  for (const institution of own) for (const kind of API_KEY_KINDS) keyAge.remove({ kind, institution });
  for (const { institution, kind, since } of oldestKeys) {
    keyAge.set({ kind, institution }, secondsSince(since, at));
  }
}

/** Reads how old the signing key is. */
export function readSigningKeyAge(dataFolder: string, at: Date): void {
  const signing = signingKeyMadeAt(dataFolder);
  if (signing !== undefined) keyAge.set({ kind: 'signing', institution: '' }, secondsSince(signing, at));
}

/** @returns undefined where the key is in the environment, which does not say how old it is */
function signingKeyMadeAt(folder: string): Date | undefined {
  return statSync(join(folder, SIGNING_KEY_FILES.present), { throwIfNoEntry: false })?.mtime;
}
