import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Institution } from '../../core/institution/directory.ts';
import { loadDirectory } from '../../host/directory.ts';
import { eventsUrlName } from '../../host/settings.ts';
import { DEFAULT_DIRECTORY, institutionOf } from '../institutions.ts';
import { type RunningPart, startPart } from '../service/process.ts';
import { addDevices, type Device } from './devices.ts';
import { PATIENCE_MS } from './patience.ts';
import type { E2eBuild } from './setup.ts';

export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
}

/** The whole institution's half, running: token service, bank and mail inbox on their own data. */
export interface System {
  /** Whose internet bank it is about. */
  readonly institution: Institution;
  /** Where that is. */
  readonly bankUrl: string;
  /** Where the internet bank of another institution is. */
  bankUrlOf(key: string): string;
  readonly staffUrl: string;
  readonly serviceUrl: string;
  readonly inboxUrl: string;
  /** Moves the servers' clocks, as if every device were wrong by the opposite. */
  moveClock(offsetMs: number): Promise<void>;
  /** How far they are moved, in milliseconds. */
  offset(): number;
  /**
   * Moves the servers' clocks on, by a minute at least, to where a step has just begun.
   * @returns how many minutes a device is behind from now on, as the token says it
   */
  nextStep(): Promise<number>;
  /** What a device shows now. */
  shownBy(device: Device): string;
  /** The same, after what it showed before: two codes in a row, also where the next one is about to come. */
  pairShownBy(device: Device): readonly [before: string, now: string];
  /** Devices of the institution that nobody has registered, where the story has such. */
  readonly devices: readonly Device[];
  /** Waits for a mail whose subject contains `subject`, and that was not waited for before. */
  mail(to: string, subject: string): Promise<Mail>;
  /** Stops the token service as an outage would. */
  stopService(): Promise<void>;
  startService(): Promise<void>;
  /** Has it answer nobody until it is let go, or stopped. */
  holdService(): void;
  letServiceGo(): void;
  stop(): Promise<void>;
}

export interface SystemOptions {
  /** Key of the institution that the story is about; `senpoku` where it is not said. */
  readonly institution?: string;
  /** Replaces the value in the default directory. */
  readonly confirmation?: Institution['confirmation'];
  /** Likewise, for those whose pages know every way. */
  readonly login?: Institution['login'];
  /** Port of the push service that it sends to, beside the real ones. */
  readonly pushPort?: number;
  /** Keys of institutions that share an origin, instead of one each. */
  readonly sharing?: readonly string[];
  /** Whether its customers have hardware tokens to register. */
  readonly hardware?: boolean;
}

export async function startSystem(
  { port, output, freshData, smtpPort }: E2eBuild,
  { institution = 'senpoku', hardware = false, pushPort, ...changes }: SystemOptions = {},
): Promise<System> {
  const data = mkdtempSync(join(tmpdir(), 'warifu-system-'));
  cpSync(freshData, data, { recursive: true });
  const devices = hardware ? await addDevices(data, institution) : [];
  const env = {
    WARIFU_PORT: String(port),
    WARIFU_DATA: data,
    WARIFU_COMPANION: join(output, 'web'),
    WARIFU_UNSAFE_TEST_CLOCK: '1',
    ...(pushPort !== undefined && { WARIFU_UNSAFE_TEST_PUSH_PORT: String(pushPort) }),
    ...eventUrls(port + 1),
    ...(Object.keys(changes).length > 0 && { WARIFU_DIRECTORY: writeDirectory(changes, port, data) }),
  };
  const inboxUrl = `http://127.0.0.1:${port + 2}`;
  const [before, firstService, bank] = await Promise.all([
    fetchMails(inboxUrl),
    startPart('server/main.ts', env),
    startPart('bank/main.ts', { ...env, SMTP_URL: `smtp://127.0.0.1:${smtpPort}` }),
  ]);
  let service = firstService;
  let offset = 0;
  /** Mails of stories before, and those that this one has waited for, by whom they came to. */
  const read = new Set(before.map(({ to, id }) => to + id));

  const move = (part: number) =>
    fetch(`http://127.0.0.1:${part}/unsafe-test/clock`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ offsetMs: offset }),
    });

  const moveClock = async (offsetMs: number) => {
    offset = offsetMs;
    await Promise.all([move(port), move(port + 1)]);
  };

  const bankUrlOf = (key: string) =>
    changes.sharing?.includes(key)
      ? `${sharedOrigin(port)}/${institutionOf(key).bankCode}`
      : `http://${key}.localhost:${port + 1}`;

  return {
    institution: institutionOf(institution),
    bankUrl: bankUrlOf(institution),
    bankUrlOf,
    staffUrl: `http://staff.localhost:${port + 1}`,
    serviceUrl: `http://token.localhost:${port}`,
    inboxUrl: `http://inbox.localhost:${port + 2}`,
    moveClock,
    offset: () => offset,
    nextStep: async () => {
      await moveClock(offsetOfNextStep(Date.now(), offset));
      return Math.round(offset / STEP_MS);
    },
    devices,
    shownBy: (device) => device.shows(Date.now() + offset),
    pairShownBy: (device) => {
      const now = Date.now() + offset;
      return [device.shows(now - SHOWN_FOR_MS), device.shows(now)];
    },
    mail: async (to, subject) => {
      const mail = await awaitMail(
        inboxUrl,
        to,
        (one) => one.subject.includes(subject) && !read.has(to + one.id),
      );
      read.add(to + mail.id);
      return mail;
    },
    stopService: async () => {
      await service.kill('SIGKILL');
    },
    startService: async () => {
      service = await startPart('server/main.ts', env);
      await move(port);
    },
    holdService: () => {
      service.child.kill('SIGSTOP');
    },
    letServiceGo: () => {
      service.child.kill('SIGCONT');
    },
    stop: async () => {
      const parts: RunningPart[] = [bank, service];
      await Promise.all(parts.map((part) => part.kill('SIGKILL')));
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const eventUrls = (bankPort: number) =>
  Object.fromEntries(
    DEFAULT_DIRECTORY.institutions.map(({ key }) => [
      eventsUrlName(key),
      `http://127.0.0.1:${bankPort}/events`,
    ]),
  );

/** Of the institutions that share one. */
const sharedOrigin = (port: number) => `http://shared.localhost:${port + 1}`;

/** The default directory's institutions, changed. */
export const institutionsWith = (
  { confirmation, login, sharing }: SystemOptions,
  port: number,
): Institution[] =>
  loadDirectory(undefined, port).institutions.map((one) => ({
    ...one,
    ...(confirmation && { confirmation }),
    ...(login && one.family === 'ANSER' && { login }),
    ...(sharing?.includes(one.key) && { pageOrigins: [sharedOrigin(port)] }),
  }));

function writeDirectory(changes: SystemOptions, port: number, folder: string): string {
  const file = join(folder, 'directory.json');
  writeFileSync(file, JSON.stringify({ institutions: institutionsWith(changes, port) }));
  return file;
}

const STEP_MS = 60_000;

/** A device shows the next code after so long. */
const SHOWN_FOR_MS = 30_000;

/** Where a step is 2 s old; or 8 s, where half a minute behind could be called either way. */
function offsetOfNextStep(now: number, offset: number): number {
  // Two steps at first: one, measured over a slow line, may be told as 59 seconds.
  const least = Math.max(offset + STEP_MS, 2 * STEP_MS);
  const [early, late] = [2_000, 8_000].map((age) => {
    const untilThen = (((age - now - least) % STEP_MS) + STEP_MS) % STEP_MS;
    return least + untilThen;
  }) as [number, number];
  return Math.abs((early % STEP_MS) - STEP_MS / 2) < 3_000 ? late : early;
}

/** Newest first; to everybody where nobody is said. */
async function fetchMails(inboxUrl: string, to = ''): Promise<Mail[]> {
  const response = await fetch(`${inboxUrl}/api/messages?to=${encodeURIComponent(to)}`);
  return (await response.json()) as Mail[];
}

async function awaitMail(inboxUrl: string, to: string, isMeant: (mail: Mail) => boolean): Promise<Mail> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const mails = await fetchMails(inboxUrl, to);
    const found = mails.find(isMeant);
    if (found) return found;
    if (Date.now() > until)
      throw new Error(`no such mail to ${to}; there are: ${mails.map(({ subject }) => subject)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
