import { type ChainReport, type Finding, type NamedEntry, verifyAudit } from '../host/audit/verify.ts';
import { directoryOf, type Settings } from '../host/settings.ts';
import { CannotTellError } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { type KeptHead, readHeadsFile, writeHeadsFile } from './heads-file.ts';
import { PART_KEYS, type Part } from './part.ts';
import { databasesFor, openPart, type PartDatabase } from './parts.ts';

type Print = (line: string) => void;

export interface VerifyArguments {
  readonly institution?: string;
  readonly part?: Part;
  /** Files of heads: one to compare with, and one to write. */
  readonly since?: string;
  readonly heads?: string;
}

interface Verified {
  readonly exit: Exit;
  readonly heads: readonly KeptHead[];
}

/** Verifies the wanted chains and prints a line about each. @returns the exit code of the worst one */
export async function auditVerify(settings: Settings, wanted: VerifyArguments, print: Print): Promise<Exit> {
  const kept = wanted.since === undefined ? undefined : readHeadsFile(wanted.since);
  const verified: Verified[] = [];
  for (const part of wanted.part === undefined ? PART_KEYS : [wanted.part]) {
    for (const database of databasesFor(settings, part, wanted.institution)) {
      verified.push(
        await verifyDatabase(settings, database, { wanted, kept, print }).catch(sayWhyNot(database, print)),
      );
    }
  }
  const exits = verified.map(({ exit }) => exit);
  if (exits.includes(EXIT.bad)) return EXIT.bad;
  if (exits.includes(EXIT.cannotTell)) return EXIT.cannotTell;
  if (wanted.heads !== undefined) {
    const heads = verified.flatMap((one) => one.heads);
    writeHeadsFile(wanted.heads, heads, new Date());
    print(`heads written to ${wanted.heads}; keep them away from these databases`);
  }
  return EXIT.good;
}

const sayWhyNot =
  ({ name }: PartDatabase, print: Print) =>
  (error: unknown): Verified => {
    if (!(error instanceof CannotTellError)) throw error;
    print(`${name}: CANNOT TELL: ${error.message}`);
    return { exit: EXIT.cannotTell, heads: [] };
  };

interface Verifying {
  readonly wanted: VerifyArguments;
  readonly kept: readonly KeptHead[] | undefined;
  readonly print: Print;
}

async function verifyDatabase(
  settings: Settings,
  database: PartDatabase,
  { wanted, kept, print }: Verifying,
): Promise<Verified> {
  const { institution } = wanted;
  const { part, name, keeps } = database;
  const inDirectory = directoryOf(settings)
    .institutions.map(({ key }) => key)
    .filter(keeps);
  const { db, audit, close } = await openPart(settings, database);
  try {
    const since = kept?.filter((head) => head.part === part && keeps(head.institution));
    const result = await verifyAudit(db, audit, {
      institutions: institution === undefined ? inDirectory : [institution],
      others: institution === undefined,
      ...(since && since.length > 0 && { since }),
    });
    if (result === undefined) {
      throw new CannotTellError(
        'no chain was begun, or all of them were deleted; compare with heads kept outside',
      );
    }
    if (result.root) print(`${name}: BAD: ${sayFinding(result.root)}`);
    const isKept = (key: string) => !kept || since?.some((head) => head.institution === key) === true;
    for (const report of result.chains) {
      const key = report.institution;
      print(`${name}, ${key}: ${sayChain(report, isKept(key))}`);
    }
    const isBad = result.root !== undefined || result.chains.some(({ finding }) => finding !== undefined);
    const isUnknown =
      institution !== undefined && !inDirectory.includes(institution) && result.chains.every(isEmpty);
    if (isUnknown && !isBad)
      throw new CannotTellError(`no institution ${institution} is in the directory or in its audit`);
    return {
      exit: isBad ? EXIT.bad : EXIT.good,
      heads: result.chains.flatMap(({ head }) =>
        head && keeps(head.institution) ? [{ part, ...head }] : [],
      ),
    };
  } finally {
    await close();
  }
}

const isEmpty = ({ head, unlinked }: ChainReport) => head === undefined && unlinked === 0;

/** @param isKept whether its head was kept, where it was to be compared */
function sayChain({ head, finding, begin, unlinked, late }: ChainReport, isKept: boolean): string {
  const said = [
    finding
      ? `BAD: ${sayFinding(finding)}`
      : head
        ? `good: ${head.count} linked`
        : 'good: no entry is linked',
    ...(head && !finding ? [`head ${head.count} ${head.hash}`] : []),
    ...(head && !isKept ? ['not compared, as no head of it was kept'] : []),
    ...(begin
      ? [`begins after number ${begin.number}, dropped ${begin.by.at} by ${plain(begin.by.actor ?? '')}`]
      : []),
    ...(unlinked > 0 ? [`${unlinked} not linked yet`] : []),
    ...(late.first
      ? [`${late.count} with a time before that of an earlier entry, first ${sayEntry(late.first)}`]
      : []),
  ];
  return said.join('; ');
}

function sayFinding({ what, entry, after }: Finding): string {
  const last = after ? `; the last that holds is ${sayEntry(after)}` : '';
  return `${entry ? `${sayEntry(entry)} ` : ''}${what}${last}`;
}

/** Number, id, time and event, as far as they are known. Other columns stay out of the terminal's log. */
function sayEntry({ number, id, columns }: NamedEntry): string {
  const event = columns?.event ?? columns?.act;
  return [
    ...(number === undefined ? [] : [`number ${number}`]),
    ...(id === undefined ? [] : [`entry ${id}`]),
    ...(columns?.at === undefined ? [] : [columns.at]),
    ...(event === undefined ? [] : [event]),
  ]
    .map(plain)
    .join(', ');
}

/** Replaces control characters, so that text from the database cannot control the terminal. */
const plain = (text: string) => text.replace(/\p{C}/gu, '?');
