import type { Settings } from '../host/settings.ts';
import { clockOf } from './doctor/clock.ts';
import { databaseLines } from './doctor/database.ts';
import type { Line } from './doctor/line.ts';
import { directoryLine, folderLines, keyLines } from './doctor/machine.ts';
import { rotationLines } from './doctor/rotation.ts';
import { serviceLine } from './doctor/service.ts';
import { EXIT, type Exit } from './exit.ts';
import { PART_KEYS } from './part.ts';

export interface DoctorArguments {
  /** Where else the time is asked for. */
  readonly clock?: string;
}

/** Prints a line about everything that a part needs. @returns bad if any is an error */
export async function doctor(
  settings: Settings,
  { clock }: DoctorArguments,
  print: (line: string) => void,
): Promise<Exit> {
  let exit: Exit = EXIT.good;
  for await (const { level, about, said } of linesOf(settings, clock)) {
    if (level === 'error') exit = EXIT.bad;
    print(`${level.padEnd(8)}${about}: ${said}`);
  }
  return exit;
}

async function* linesOf(settings: Settings, clock: string | undefined): AsyncGenerator<Line> {
  yield directoryLine(settings);
  yield* folderLines(settings);
  yield* keyLines(settings);
  yield* rotationLines(settings, new Date());
  for (const part of PART_KEYS) yield* databaseLines(settings, part);
  if (clock !== undefined) yield await clockOf(clock);
  yield await serviceLine(settings);
}
