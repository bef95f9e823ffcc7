import preact from '@preact/preset-vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'wxt';
import { buildConstants, pinnedInstitutions } from './pinned-institutions.ts';
import { bareImports, startChunk } from './start-chunk.ts';

const institutions = await pinnedInstitutions();
const constants = await buildConstants();

/** A match pattern without the port, because Firefox does not allow one. The gate compares the whole origin. */
const pattern = (origin: string) => `${new URL(origin).protocol}//${new URL(origin).hostname}/*`;
const unique = (patterns: string[]) => [...new Set(patterns)];

/** Page origins of the institutions that use frames, and those of the others. */
const framedOrigins = institutions.flatMap(({ frames, pageOrigins }) => (frames ? pageOrigins : []));
const framed = unique(framedOrigins.map(pattern));
const unframed = unique(institutions.flatMap(({ pageOrigins }) => pageOrigins.map(pattern))).filter(
  (page) => !framed.includes(page),
);

/** The framework's wrapper of a script only logs errors, and only in development. Ours just runs the script. */
const SCRIPT_START = '\0virtual:wxt-unlisted-script-entrypoint?';
const bareScripts: Plugin = {
  name: 'bare-scripts',
  enforce: 'pre',
  load: (id) =>
    id.startsWith(SCRIPT_START)
      ? `import script from ${JSON.stringify(id.slice(SCRIPT_START.length))}; script.main();`
      : undefined,
};

/**
 * Has V8 compile the pages' scripts whole when they start: most of each runs at once, and what is compiled on its first call is parsed
 * twice. https://v8.dev/blog/explicit-compile-hints
 */
const compiledWhole: Plugin = {
  name: 'compiled-whole',
  enforce: 'post',
  generateBundle: (_options, bundle) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk' && chunk.fileName.startsWith('content-scripts/'))
        chunk.code = `//# allFunctionsCalledOnLoad\n${chunk.code}`;
    }
  },
};

export default defineConfig({
  manifestVersion: 3,
  imports: false,
  outDir: process.env.WARIFU_OUTPUT ?? '.output',
  publicDir: 'public',
  entrypointsDir: 'entrypoints',
  targetBrowsers: ['chrome', 'firefox'],
  manifest: ({ browser }) => ({
    name: '__MSG_extensionName__',
    description: '__MSG_extensionDescription__',
    default_locale: 'ja',
    icons: { 16: 'icon/16.png', 32: 'icon/32.png', 48: 'icon/48.png', 128: 'icon/128.png' },
    content_scripts: [
      { matches: unframed, all_frames: false },
      { matches: framed, all_frames: true },
    ]
      .filter(({ matches }) => matches.length > 0)
      .map((script) => ({ ...script, js: ['content-scripts/watch.js'], run_at: 'document_start' as const })),
    commands: { fill: { suggested_key: { default: 'Alt+Shift+W' }, description: '__MSG_commandFill__' } },
    // alarms: the badge counts down when a request expires · idle: to lock when the user is away · scripting: to inject
    // the reader into pages with our words, and the watcher into pages opened before the extension was installed ·
    // storage: what pages show and the unlocked vault, in memory, beyond the life of the worker
    permissions: ['alarms', 'idle', 'notifications', 'scripting', 'storage'],
    // The hosts of the content script: to inject it, to notice a tab without it, and to learn the origin around a frame.
    host_permissions: unique([
      ...institutions.map(({ serviceOrigin }) => pattern(serviceOrigin)),
      ...unframed,
      ...framed,
    ]),
    content_security_policy: {
      extension_pages: `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src ${unique(
        institutions.map(({ serviceOrigin }) => serviceOrigin),
      ).join(' ')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
    ...(browser === 'chrome' && { minimum_chrome_version: '125' }),
    ...(browser === 'firefox' && {
      browser_specific_settings: {
        gecko: {
          id: 'token@warifu.example',
          strict_min_version: '153.0',
          data_collection_permissions: { required: ['authenticationInfo'] },
        },
      },
    }),
  }),
  hooks: {
    'vite:build:extendConfig': (entrypoints, config) => {
      const output = config.build?.rollupOptions?.output;
      const isOfPages = entrypoints.some(({ type }) => type === 'popup');
      if (isOfPages && output)
        Object.assign(output, {
          codeSplitting: { groups: [startChunk('popup-start', './entrypoints/popup')] },
        });
    },
    // The framework takes it for a content script because of its folder's name; see entrypoints/watch.content/index.ts.
    'entrypoints:resolved': (_wxt, entrypoints) => {
      for (const entrypoint of entrypoints) {
        if (entrypoint.type === 'content-script') Object.assign(entrypoint, { type: 'unlisted-script' });
      }
    },
  },
  vite: () => ({
    build: {
      modulePreload: {
        polyfill: false,
        resolveDependencies: (_file, files, { hostType }) => (hostType === 'html' ? files : []),
      },
    },
    plugins: [preact(), bareImports, bareScripts, compiledWhole],
    resolve: { alias: { '#shell': new URL('./platform/shells/extension.ts', import.meta.url).pathname } },
    define: { ...constants, __WARIFU_FRAMED_ORIGINS__: JSON.stringify(framedOrigins) },
  }),
});
