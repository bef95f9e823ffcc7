import { createHash } from 'node:crypto';
import { cpSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import preact from '@preact/preset-vite';
import { build, defineConfig, type Plugin } from 'vite';
import { firstTexts } from './first-texts.ts';
import { buildConstants, pinnedInstitutions } from './pinned-institutions.ts';
import { bareImports, startChunk } from './start-chunk.ts';

const outDir = resolve(process.env.WARIFU_OUTPUT ?? '.output', 'web');

const hashed = (algorithm: string, bytes: string | Buffer) => createHash(algorithm).update(bytes);

/** What the companion needs to open, as the worker keeps it. Names of assets hold their hash already. */
function companionFiles() {
  return globSync(['index.html', 'assets/*'], { cwd: outDir })
    .sort()
    .map((file) => {
      const bytes = readFileSync(join(outDir, file));
      return {
        url: `/${file}`,
        revision: file === 'index.html' ? hashed('sha256', bytes).digest('hex') : null,
        integrity: `sha384-${hashed('sha384', bytes).digest('base64')}`,
      };
    });
}

const named = (name: string, content: string) => ({
  tag: 'meta',
  attrs: { name, content },
  injectTo: 'head' as const,
});
const linked = (rel: string, href: string) => ({
  tag: 'link',
  attrs: { rel, href },
  injectTo: 'head' as const,
});

/** What makes an app of the page where it is installed; iOS goes by its own names. */
const installed: Plugin = {
  name: 'companion-installed',
  transformIndexHtml: () => [
    linked('manifest', '/manifest.webmanifest'),
    linked('apple-touch-icon', '/installed/apple-180.png'),
    named('mobile-web-app-capable', 'yes'),
    named('apple-mobile-web-app-capable', 'yes'),
    named('apple-mobile-web-app-title', '割符'),
  ],
  closeBundle: () => cpSync('entrypoints/token/public', outDir, { recursive: true }),
};

/** Builds the service worker when all that it keeps is there: one file, which names the others. */
const worker: Plugin = {
  name: 'companion-worker',
  async closeBundle() {
    const files = companionFiles();
    const names = (await pinnedInstitutions()).map(({ key, name, nameEn }) => [key, [name, nameEn]]);
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      define: {
        __COMPANION_NAMES__: JSON.stringify(Object.fromEntries(names)),
        __COMPANION_FILES__: JSON.stringify(files),
        __COMPANION_BUILD__: JSON.stringify(
          hashed('sha256', JSON.stringify(files)).digest('hex').slice(0, 16),
        ),
      },
      build: {
        outDir,
        emptyOutDir: false,
        rollupOptions: {
          input: 'entrypoints/token/worker/main.ts',
          output: { format: 'iife', entryFileNames: 'worker.js' },
        },
      },
    });
  },
};

/** The companion web token: the extension's full page, built for the web into `.output/web`. */
export default defineConfig(async () => ({
  root: 'entrypoints/token',
  publicDir: '../../public',
  plugins: [preact(), bareImports, installed, worker],
  resolve: { alias: { '#shell': new URL('./platform/shells/web.ts', import.meta.url).pathname } },
  define: { ...(await buildConstants()), __WARIFU_FIRST_TEXTS__: JSON.stringify(firstTexts()) },
  build: {
    outDir,
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [startChunk('start', './entrypoints/token')] } } },
  },
}));
