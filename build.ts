import { spawnSync } from 'node:child_process';
import { buildPlaces, markBuilt, markUnbuilt } from './build-stamp.ts';

/** `npm run build`: the extension for both browsers and the companion. `npm start` builds again only when something changed. */

const places = buildPlaces();
markUnbuilt(places);
for (const [command, ...args] of [
  ['wxt', 'build'],
  ['wxt', 'build', '-b', 'firefox'],
  ['vite', 'build', '-c', 'companion.config.ts', '--logLevel', 'warn'],
] as const) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
await markBuilt(places);
