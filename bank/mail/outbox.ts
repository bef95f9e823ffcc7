import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { registry } from '../../host/metrics.ts';
import type { Sweeping } from '../../host/sweep.ts';
import type { BankDependencies } from '../context.ts';
import type { BankKeys } from '../keys.ts';
import type { Database, Handle } from '../store/database.ts';
import {
  claimDueMail,
  forgetSentMails,
  insertMail,
  noteMailDone,
  type OutboxRow,
  tryMailAgain,
} from '../store/outbox.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import { AddressRefusedError, type Mailer, type MailSender } from './mailer.ts';
import type { MailKind, MailText } from './texts.ts';

export const mailsGivenUp = new Counter({
  registers: [registry],
  name: 'warifu_mails_given_up_total',
  help: 'Mails to customers that were not delivered and are tried no more',
});

const contentSchema = z.object({ subject: z.string(), text: z.string() });

export interface NewMail {
  /** A mail with an id that exists is not written again: a repeated submission sends no second mail. */
  readonly id: string;
  readonly institution: Institution;
  readonly customerId: string;
  readonly kind: MailKind;
  readonly to: string;
  readonly content: MailText;
}

/** Puts a mail into the outbox, in the transaction of the change it reports. The text is sealed until it is sent. */
export async function writeMail(
  { keys, randomBytes, clock }: Pick<BankDependencies, 'keys' | 'randomBytes' | 'clock'>,
  trx: Handle,
  { id, institution, customerId, kind, to, content }: NewMail,
): Promise<void> {
  const now = new Date(clock());
  await insertMail(trx, {
    id,
    institution: institution.key,
    customer_id: customerId,
    kind,
    recipient: to,
    content: await sealJson(keys.sealing, content, context(id), randomBytes),
    created_at: now,
    next_attempt_at: now,
  });
}

export interface OutboxDependencies {
  readonly db: Database;
  readonly keys: BankKeys;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name and address that an institution's mails come from. */
  readonly senderOf: (institution: string) => MailSender;
}

/** While one process tries to deliver a mail, no other process does: longer than it takes at a server that answers each command within seconds. */
const CLAIM_MS = 30_000;
const MAX_DELAY_MS = 30 * 60_000;
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60_000;
const MOST_AT_ONCE = 10;

/**
 * Delivers the mails that are due, each at least once. One whose address is refused, or that was not taken for days, is given up.
 * @returns how many were delivered
 */
export async function deliverDue(dependencies: OutboxDependencies): Promise<number> {
  const { db, clock } = dependencies;
  let delivered = 0;
  for (let tried = 0; tried < MOST_AT_ONCE; tried++) {
    const mail = await claimDueMail(db, { now: clock(), claimMs: CLAIM_MS, mostMs: MAX_DELAY_MS });
    if (mail === undefined) break;
    if (await deliver(dependencies, mail)) delivered++;
  }
  return delivered;
}

async function deliver(dependencies: OutboxDependencies, mail: OutboxRow): Promise<boolean> {
  const { db, keys, mailer, clock, logger, senderOf } = dependencies;
  if (mail.content === null) return false;
  const event = { mail: mail.kind, institution: mail.institution, attempt: mail.attempts };
  try {
    const { subject, text } = await openJson(keys.sealing, mail.content, context(mail.id), contentSchema);
    await mailer.send({ from: senderOf(mail.institution), to: mail.recipient, subject, text });
  } catch (error) {
    const now = clock();
    const told = { ...event, reason: error instanceof Error ? error.name : 'unknown' };
    if (error instanceof AddressRefusedError || now - mail.created_at.getTime() > GIVE_UP_AFTER_MS) {
      await noteMailDone(db, mail.id, { at: new Date(now), givenUp: true });
      mailsGivenUp.inc();
      logger.warn(told, 'could not deliver mail; gave up');
      return false;
    }
    const delay = Math.min(1_000 * 2 ** mail.attempts, MAX_DELAY_MS);
    await tryMailAgain(db, mail.id, new Date(now + delay));
    logger.warn(told, 'could not deliver mail; will retry');
    return false;
  }
  await noteMailDone(db, mail.id, { at: new Date(clock()), givenUp: false });
  logger.info(event, 'delivered mail');
  return true;
}

/** Deletes mails a day after they were delivered or given up. */
export async function forgetDelivered(db: Database, now: number, sweeping?: Sweeping): Promise<void> {
  const before = new Date(now - 24 * 60 * 60_000);
  await forgetSentMails(db, before, sweeping);
}

function context(id: string): string {
  return `mail ${id}`;
}
