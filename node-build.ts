import type { BuildOptions, InlineConfig, Plugin } from 'vite';

/** The driver would load it only where it is asked for, a bundle always; it is no dependency of ours. */
const withoutNativeClient: Plugin = {
  name: 'without-native-client',
  enforce: 'pre',
  resolveId: (name) => (name === 'pg-native' ? '\0pg-native' : undefined),
  load: (name) => (name === '\0pg-native' ? 'export default undefined;' : undefined),
};

/** How programs for Node are bundled: with their packages, except the built-in database, which has files beside its code. */
export const nodeBuild = (build: BuildOptions, ...plugins: Plugin[]): InlineConfig => ({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  plugins: [withoutNativeClient, ...plugins],
  ssr: { noExternal: true, external: ['@electric-sql/pglite'] },
  build: { ssr: true, target: 'node24', minify: false, emptyOutDir: false, ...build },
});
