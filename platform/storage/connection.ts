import { VaultError } from '../../core/vault/errors.ts';
import { openDatabase, type VaultDatabase } from './database.ts';
import { asOpeningError } from './storage-errors.ts';

/** How long the browser may take before the customer is told that it does not answer. */
export const PATIENCE_MS = 5_000;

/** A new request to open can get through where an earlier one hangs; what does not help twice does not help. */
const MOST_UNANSWERED = 3;

/** The one connection of this context. */
let connection: VaultDatabase | undefined;
/** What those wait for who ask for it at once. */
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

/** Lets a connection go that may be dead: the next one who asks gets another. What was begun on it comes to its end. */
export function drop(dead: VaultDatabase): void {
  if (connection === dead) connection = undefined;
  dead.close();
}

/** A request that was late may be answered by now, to everybody's good. */
function firstAnswer(): Promise<VaultDatabase> {
  if (unanswered.size < MOST_UNANSWERED) {
    const answer = ask().finally(() => unanswered.delete(answer));
    unanswered.add(answer);
  }
  return Promise.race(unanswered);
}

async function ask(): Promise<VaultDatabase> {
  isBlocked = false;
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

/** Resolves once the browser answers what it did not answer in time. */
export const recovered = (): Promise<void> => new Promise((resolve) => waiting.add(resolve));

/** Waits, but not for ever: then it rejects with `VaultError` `stuck`, or `blocked`. */
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
