import { resolve } from 'node:path';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { buildConstants } from './pinned-institutions.ts';

/** The companion web token: the extension's full page, built for the web into `.output/web`. */
export default defineConfig(async () => ({
  root: 'entrypoints/token',
  publicDir: '../../public',
  plugins: [preact()],
  resolve: { alias: { '#shell': new URL('./platform/shells/web.ts', import.meta.url).pathname } },
  define: await buildConstants(),
  build: {
    outDir: resolve(process.env.WARIFU_OUTPUT ?? '.output', 'web'),
    emptyOutDir: true,
    modulePreload: false,
  },
}));
