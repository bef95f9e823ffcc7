import { openPostgres } from '../../../server/store/database.ts';
import { type ActiveToken, type ActiveTokens, stepOf } from '../../bench/active-tokens.ts';
import { type Answer, Connection } from '../../bench/http.ts';
import type { Target } from './load.ts';

/** A node that may be killed under its load. */
export interface Side extends Target {
  /** Number of its process; undefined from the moment it is killed until it is ready again. */
  readonly life: number | undefined;
}

/** What came of the codes sent so far. */
export interface CodeLedger {
  /**
   * Tries by HTTP status; `killed` where the node was killed under it, `broken` where the connection ended for no such
   * reason, `late` where no answer came within {@link GIVE_UP_MS}.
   */
  readonly answers: Readonly<Record<string, number>>;
  /** The slowest answer in milliseconds, by what was going on when its request was sent. */
  readonly slowestMs: Readonly<Record<string, number>>;
  /** Idempotency keys under which a code was said to be accepted. */
  readonly acceptedKeys: readonly string[];
  /** Codes that were said to be accepted, under one key or more. */
  readonly accepted: number;
  /** Right codes that were said to be wrong or spent while they were good, under every key they were sent with. */
  readonly refused: number;
  /** Codes that were not answered for good while they were good, however often they were sent. */
  readonly unanswered: number;
  /** Of these, those that were refused as too old, when they were asked about at the end. */
  readonly ranOut: number;
  /** Requests that were answered once more, and otherwise. */
  readonly disagreed: number;
}

export interface CodeLoad {
  readonly ledger: CodeLedger;
  /** Names what is going on. */
  during(what: string): void;
  /** How many codes a second one node takes, from clients that wait for their answers. */
  atFull(side: Side, ms: number): Promise<number>;
  /** Sends codes at a steady rate, whether earlier ones were answered or not. @returns ends it, when all are answered */
  atRate(sides: readonly Side[], perSecond: number): () => Promise<void>;
}

const GIVE_UP_MS = 10_000;
/** As long as a code is good, whenever in its step it was made. */
const TRY_AGAIN_FOR_MS = 50_000;
/** What a refusal asks for, and up to as much again, so that not all come back at once. */
const REFUSALS = [502, 503];
const AFTER_REFUSAL_MS = 5_000;
const AFTER_BREAK_MS = 100;

const FULL_LOAD_MS = 4_000;
/** Longer than a step, and than a code is sent again for. */
const TOKEN_AGAIN_S = 75;

const CLIENTS = 16;
/** Every so many codes: one is sent under two keys at once, one is sent again once it was answered. */
const TWIN_EVERY = 20;
const REPEAT_EVERY = 50;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Right codes of many tokens, each of another token than those of the last minute. What is not answered for good is sent
 * again under the same key, to the other node.
 * @param tokens those of `keys`; there may come to be more of them
 * @param served is told at once of each 200
 */
export function codeLoad(
  keys: ActiveTokens,
  tokens: readonly ActiveToken[],
  served: (by: Side) => void = () => {},
): CodeLoad {
  const answers: Record<string, number> = {};
  const slowestMs: Record<string, number> = {};
  const acceptedKeys: string[] = [];
  const counts = { accepted: 0, refused: 0, unanswered: 0, ranOut: 0, disagreed: 0 };
  /** What was not answered for good is asked once more at the end: what was done is known by its key for a day. */
  const open: (() => Promise<void>)[] = [];
  const callers = new Map<number, Caller>();
  const codeNow = presentCode(keys);
  let what = 'full load';
  let sent = 0;

  /** One try. @returns the answer, or how the connection ended */
  async function attempt(side: Side, path: string, key: string, body: string): Promise<Answer | string> {
    const { port, apiKey, life } = side;
    const caller = callers.get(port) ?? new Caller(port);
    callers.set(port, caller);
    const phase = what;
    const at = performance.now();
    const headers = `Authorization: Bearer ${apiKey}\r\nIdempotency-Key: ${key}\r\n`;
    const answer = await caller.post(path, headers, body, GIVE_UP_MS).catch(() => undefined);
    const ms = performance.now() - at;
    if (answer !== undefined) slowestMs[phase] = Math.max(slowestMs[phase] ?? 0, Math.round(ms));
    const wasThere = life !== undefined && life === side.life;
    const broken = wasThere ? (ms >= GIVE_UP_MS ? 'late' : 'broken') : 'killed';
    const name = String(answer?.status ?? broken);
    answers[name] = (answers[name] ?? 0) + 1;
    return answer ?? broken;
  }

  /** @returns whether the code was accepted; undefined where that was never said */
  async function ask(sides: readonly Side[], first: number, path: string, key: string, body: string) {
    const until = performance.now() + TRY_AGAIN_FOR_MS;
    for (let tries = 0; performance.now() < until; tries += 1) {
      const side = sides[(first + tries) % sides.length];
      if (side === undefined) return undefined;
      const answer = await attempt(side, path, key, body);
      if (typeof answer === 'string') await pause(AFTER_BREAK_MS);
      else if (answer.status === 200) {
        served(side);
        return answer.body.startsWith('{"accepted":true');
      } else if (REFUSALS.includes(answer.status)) await pause(AFTER_REFUSAL_MS * (1 + Math.random()));
      else return undefined;
    }
    return undefined;
  }

  async function send(sides: readonly Side[]): Promise<void> {
    const place = sent;
    sent += 1;
    const token = tokens[place % tokens.length];
    const path = `/v1/tokens/${token?.userId}/verify`;
    const body = JSON.stringify({ code: await codeNow() });
    const names = place % TWIN_EVERY === 0 ? [`storm-${place}`, `storm-${place}-twin`] : [`storm-${place}`];
    const askAll = () => Promise.all(names.map((key, twin) => ask(sides, place + twin, path, key, body)));
    const said = await askAll();
    if (place % REPEAT_EVERY === 0 && !said.includes(undefined)) {
      const again = await askAll();
      if (again.some((answer, twin) => answer !== undefined && answer !== said[twin])) counts.disagreed += 1;
    }
    count(names, said, 'refused');
    if (said.includes(true) || !said.includes(undefined)) return;
    counts.unanswered += 1;
    open.push(async () => count(names, await askAll(), 'ranOut'));
  }

  function count(
    names: readonly string[],
    said: readonly (boolean | undefined)[],
    otherwise: 'refused' | 'ranOut',
  ): void {
    acceptedKeys.push(...names.filter((_, place) => said[place] === true));
    if (said.includes(true)) counts.accepted += 1;
    else if (!said.includes(undefined)) counts[otherwise] += 1;
  }

  return {
    get ledger() {
      return { answers, slowestMs, acceptedKeys, ...counts };
    },
    during: (now) => {
      what = now;
    },
    atFull: async (side, ms) => {
      const before = counts.accepted;
      const until = performance.now() + ms;
      const client = async () => {
        while (performance.now() < until && sent < tokens.length) await send([side]);
      };
      const started = performance.now();
      await Promise.all(Array.from({ length: CLIENTS }, client));
      return ((counts.accepted - before) * 1000) / (performance.now() - started);
    },
    atRate: (sides, perSecond) => {
      const underWay = new Set<Promise<void>>();
      const started = performance.now();
      let begun = 0;
      const timer = setInterval(() => {
        const due = ((performance.now() - started) / 1000) * perSecond;
        for (; begun < due; begun += 1) {
          const one = send(sides).finally(() => underWay.delete(one));
          underWay.add(one);
        }
      }, 5);
      return async () => {
        clearInterval(timer);
        await Promise.all(underWay);
        const askOpen = async () => {
          for (let askAgain = open.pop(); askAgain; askAgain = open.pop()) await askAgain();
        };
        await Promise.all(Array.from({ length: CLIENTS }, askOpen));
        for (const caller of callers.values()) caller.close();
      };
    },
  };
}

/**
 * A load of codes, and how many a second are this share of what one node takes now. There are tokens enough for it.
 * @param url of the nodes' database
 */
export async function measuredLoad(
  url: string,
  keys: ActiveTokens,
  side: Side,
  share: number,
): Promise<{ readonly load: CodeLoad; readonly perSecond: number }> {
  const { db, close } = await openPostgres(url);
  const tokens = await keys.insert(db, 20_000, 0);
  const load = codeLoad(keys, tokens);
  await load.atFull(side, FULL_LOAD_MS / 4);
  const perSecond = Math.round((await load.atFull(side, FULL_LOAD_MS)) * share);
  const missing = Math.max(0, perSecond * TOKEN_AGAIN_S - tokens.length);
  tokens.push(...(await keys.insert(db, missing, tokens.length)));
  await close();
  return { load, perSecond };
}

/** The code that is good now, of all tokens that have one key, made once a step. */
function presentCode(keys: ActiveTokens): () => Promise<string> {
  let step = 0;
  let code = Promise.resolve('');
  return () => {
    const now = Date.now();
    if (stepOf(now) !== step) {
      step = stepOf(now);
      code = keys.code(now);
    }
    return code;
  };
}

/** Keeps as many connections to a node as there are requests at once. */
class Caller {
  readonly #port: number;
  #idle: Connection[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /** @throws Error where the connection ends before the answer, or none comes in time */
  async post(path: string, headers: string, body: string, withinMs: number): Promise<Answer> {
    const { promise, reject } = Promise.withResolvers<never>();
    let connection: Connection | undefined;
    const late = setTimeout(() => {
      reject(new Error('no answer'));
      connection?.close();
    }, withinMs);
    const asked = this.#connection().then((open) => {
      connection = open;
      return open.post(path, headers, body);
    });
    try {
      const answer = await Promise.race([asked, promise]);
      if (connection !== undefined) this.#idle.push(connection);
      return answer;
    } finally {
      clearTimeout(late);
    }
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  async #connection(): Promise<Connection> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle === undefined) return Connection.open(this.#port);
      if (idle.isOpen) return idle;
    }
  }
}
