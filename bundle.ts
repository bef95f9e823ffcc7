import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { nodeBuild } from './node-build.ts';

/**
 * `npm run bundle`: token service, bank and the operators' command into one folder that needs Node and nothing else. Of the same
 * sources it has the same bytes. It keeps its data in PostgreSQL: the built-in database is for development.
 */

const output = join(process.env.WARIFU_OUTPUT ?? '.output', 'service');

/** Files that the parts read beside their code. */
const READ = ['core/institution/default.json', 'bank/web/assets', 'deploy', 'LICENSE'];
const READ_OF_PACKAGES = [
  'package.json',
  'dist/bundle/index.umd.min.js',
  'script/index.js',
  'script/package.json',
].map((file) => `node_modules/@simplewebauthn/browser/${file}`);

rmSync(output, { recursive: true, force: true });
await build(
  nodeBuild({
    outDir: output,
    rolldownOptions: {
      input: ['server/main.ts', 'bank/main.ts', 'command/main.ts'],
      output: { preserveModules: true, preserveModulesRoot: '.', entryFileNames: '[name].js' },
    },
  }),
);
for (const file of [...READ, ...READ_OF_PACKAGES]) {
  mkdirSync(join(output, file, '..'), { recursive: true });
  cpSync(file, join(output, file), { recursive: true });
}
const { name, version, license, type } = JSON.parse(readFileSync('package.json', 'utf8'));
const engines = { node: '>=24' };
writeFileSync(join(output, 'package.json'), `${JSON.stringify({ name, version, license, type, engines })}\n`);
