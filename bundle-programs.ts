import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { nodeBuild } from './node-build.ts';
import { PROGRAMS } from './programs.ts';

/** `node bundle-programs.ts FOLDER`: each program in one file, to be started beside the sources (`programs.ts`). */

/** What a source reads from its own folder stays there. */
const placesOfSources: Plugin = {
  name: 'places-of-sources',
  transform: {
    filter: { code: /import\.meta\.(?:dirname|url)/, id: { exclude: /\/node_modules\// } },
    handler: (code, id) =>
      code
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
  },
};

const [outDir = ''] = process.argv.slice(2);
for (const program of PROGRAMS) {
  const rolldownOptions = {
    input: { [program]: `${program}.ts` },
    output: { entryFileNames: '[name].js', codeSplitting: false },
  };
  await build(nodeBuild({ outDir, rolldownOptions }, placesOfSources));
}
