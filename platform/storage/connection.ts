import { VaultError } from '../../core/vault/errors.ts';
import { openDatabase, type VaultDatabase } from './database.ts';
import { asOpeningError } from './storage-errors.ts';

/** Time after which the customer is told that the browser does not answer. */
export const PATIENCE_MS = 5_000;

/** Most requests to open the database: a new one may succeed where an earlier one hangs. */
const MOST_UNANSWERED = 3;

/** The only connection of this context. */
let connection: VaultDatabase | undefined;
/** The opening in progress, which concurrent callers share. */
let connecting: Promise<VaultDatabase> | undefined;
const unanswered = new Set<Promise<VaultDatabase>>();
let isBlocked = false;

/** Rejects with `VaultError`, after {@link PATIENCE_MS} at the latest. */
export function connect(): Promise<VaultDatabase> {
  if (connection) return Promise.resolve(connection);
  connecting ??= inTime(firstAnswer()).finally(() => {
    connecting = undefined;
  });
  return connecting;
}

/** Drops a connection that may be dead, so that the next caller gets a new one. Its transactions go on to their end. */
export function drop(dead: VaultDatabase): void {
  if (connection === dead) connection = undefined;
  dead.close();
}

/** Waits for any of the requests, as a late one may be answered by now. */
function firstAnswer(): Promise<VaultDatabase> {
  if (unanswered.size < MOST_UNANSWERED) {
    const answer = ask().finally(() => unanswered.delete(answer));
    unanswered.add(answer);
  }
  return Promise.race(unanswered);
}

async function ask(): Promise<VaultDatabase> {
  // An old page in the way of an earlier request is in the way of this one too, which is not told so.
  if (unanswered.size === 0) isBlocked = false;
  let opened: VaultDatabase | undefined;
  const forget = () => {
    if (connection === opened) connection = undefined;
  };
  try {
    opened = await openDatabase({
      blocked: () => {
        isBlocked = true;
      },
      lost: forget,
    });
  } catch (cause) {
    throw asOpeningError(cause);
  }
  if (connection === undefined) connection = opened;
  else opened.close();
  return connection;
}

const waiting = new Set<() => void>();

/** Resolves when the browser answers a late request. */
export const recovered = (): Promise<void> => new Promise((resolve) => waiting.add(resolve));

/** Waits up to a limit, and then rejects with `VaultError` `stuck` or `blocked`. */
export function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new VaultError(isBlocked ? 'blocked' : 'stuck'));
      answer.then(tellAll, tellAll);
    }, PATIENCE_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function tellAll(): void {
  for (const tell of waiting) tell();
  waiting.clear();
}
