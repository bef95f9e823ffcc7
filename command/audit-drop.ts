import type { StaffAct } from '../core/api/staff.ts';
import { dropThrough, numberBefore } from '../host/audit/drop.ts';
import { verifyAudit } from '../host/audit/verify.ts';
import type { Settings } from '../host/settings.ts';
import { writeEntries } from './audit-export.ts';
import { CannotTellError } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { inNewFile } from './new-file.ts';
import type { Part } from './part.ts';
import { databaseFor, mustBeKnown, type OpenPart, openPart } from './parts.ts';
import { checkedAct } from './staff-act.ts';

export interface DropArguments {
  readonly institution: string;
  readonly part: Part;
  readonly before: Date;
  /** A new file for what is dropped. */
  readonly out: string;
  readonly by: StaffAct;
}

const DAY_MS = 24 * 60 * 60_000;

/** Exports an institution's entries from before a time, and drops them from its chain. @returns bad if the chain is */
export async function auditDrop(
  settings: Settings,
  wanted: DropArguments,
  print: (line: string) => void,
): Promise<Exit> {
  const { part, institution, before, by } = wanted;
  const now = new Date();
  if (before.getTime() > now.getTime() - DAY_MS) throw new CannotTellError('the last day is never dropped');
  const { actor, reason, approval } = checkedAct(by);
  const said = { at: now.toISOString(), actor, reason, ...(approval !== undefined && { approval }) };
  const opened = await openPart(settings, databaseFor(settings, part, institution));
  try {
    await mustBeKnown(settings, opened, institution);
    return await exportAndDrop(opened, wanted, said, print);
  } finally {
    await opened.close();
  }
}

async function exportAndDrop(
  opened: OpenPart,
  { institution, before, out }: DropArguments,
  by: Readonly<Record<string, string>>,
  print: (line: string) => void,
): Promise<Exit> {
  const { db, audit } = opened;
  const verified = await verifyAudit(db, audit, { institutions: [institution], others: false });
  const finding = verified?.root ?? verified?.chains[0]?.finding;
  if (finding !== undefined) {
    print(
      `nothing is dropped, as the chain of ${institution} is not good: ${finding.what}; see audit verify`,
    );
    return EXIT.bad;
  }
  const through = await numberBefore(db, audit, institution, before);
  if (through === undefined) {
    print(`${institution} has no entry from before that time`);
    return EXIT.good;
  }
  const exported = await inNewFile(out, (to) =>
    writeEntries(opened, { institution, through, having: {} }, { to }),
  );
  const dropped = await dropThrough(db, audit, { institution, by, through });
  print(
    `${exported} entries are in ${out}, ${dropped} were dropped; the chain begins after number ${through}`,
  );
  return EXIT.good;
}
