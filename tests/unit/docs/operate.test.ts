import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMPILED, programFile } from '../../../programs.ts';

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

describe('the operators’ command', () => {
  const program = programFile('command/main.ts');
  const help = (command: string) =>
    spawnSync(process.execPath, [program, ...command.split(' '), '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    });

  test.each(found(/(?:^|`)warifu ([a-z-]+(?: [a-z]+)?)/gm))('warifu %s', (words) => {
    const { status, stdout, stderr } = help(words);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`Usage: warifu ${words}`);
  });

  test.each(found(/warifu ([a-z][^`\n]* --(?!help)[a-z][^`\n]*)/g))('the options of: warifu %s', (words) => {
    const [, command = ''] = /^([a-z]+(?: [a-z]+)?)/.exec(words) ?? [];
    const { stdout } = help(command.trim());
    for (const [option] of words.matchAll(/--[a-z]+/g)) expect(stdout).toContain(option);
  });
});
