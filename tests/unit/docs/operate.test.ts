import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../../command/program.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { capacityOf } from '../../../host/capacity.ts';
import { readSettings } from '../../../host/settings.ts';

/** The commands that OPERATE.md gives to be copied. */

const ROOT = resolve(import.meta.dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/OPERATE.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
const scripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
).scripts;

const found = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, name = '']) => name))];

test.each(blocks)('a block is a shell’s: %#', (block) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});

test.each(found(/npm run ([a-z]+)/g))('npm run %s', (name) => {
  expect(scripts).toHaveProperty(name);
});

test.each(found(/\/opt\/warifu\/current\/(deploy\/[\w./@-]+)/g))('%s', (file) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
});

test('the wait before a restored service is reachable is that of the default policy', () => {
  const { windowSteps, driftSteps, hardwareDriftSteps } = DEFAULT_POLICY;
  const minutes = (drift: number) => 2 * windowSteps + 2 * drift + 1;
  expect(page.replace(/\s+/g, ' ')).toContain(
    `with steps of 60 seconds, that is ${minutes(driftSteps)} minutes, and ${minutes(hardwareDriftSteps)} minutes with hardware tokens`,
  );
});

test('the clock is compared with that of a machine that is not the deployment’s', () => {
  const [, compared = ''] = /doctor --clock https:\/\/(\S+)/.exec(page) ?? [];
  expect(compared).not.toBe('');
  expect(compared).not.toContain('bank.example');
});

test('nginx takes two connections for each event stream of two nodes, also if one worker has all', () => {
  const { streams } = capacityOf(readSettings({}), Number.POSITIVE_INFINITY);
  const [, connections = 0] = /worker_connections\) \.\*\/\\1 (\d+);/.exec(page) ?? [];
  const [, files = 0] = /worker_rlimit_nofile (\d+);/.exec(page) ?? [];
  expect(Number(connections)).toBeGreaterThan(2 * 2 * streams);
  expect(Number(files)).toBeGreaterThan(Number(connections));
  const capacity = readFileSync(join(ROOT, 'docs/CAPACITY.md'), 'utf8');
  expect(capacity).toContain(`${(2 * streams).toLocaleString('en')} event streams`);
  expect(capacity).toContain(`${Number(connections).toLocaleString('en')} connections`);
});

describe('the operators’ command', () => {
  const help = (words: string): string => {
    let command = createProgram();
    for (const word of words.split(' ')) {
      const named = command.commands.find((one) => one.name() === word);
      if (named === undefined) throw new Error(`there is no ${word} in warifu ${words}`);
      command = named;
    }
    return command.helpInformation();
  };

  test.each(found(/(?:^|`)warifu ([a-z-]+(?: [a-z]+)?)/gm))('warifu %s', (words) => {
    expect(help(words)).toContain(`Usage: warifu ${words}`);
  });

  test.each(found(/warifu ([a-z][^`\n]* --(?!help)[a-z][^`\n]*)/g))('the options of: warifu %s', (words) => {
    const [, command = ''] = /^([a-z]+(?: [a-z]+)?)/.exec(words) ?? [];
    const options = help(command.trim());
    for (const [option] of words.matchAll(/--[a-z]+/g)) expect(options).toContain(option);
  });
});
