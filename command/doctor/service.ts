import { z } from 'zod';
import { problemSchema } from '../../core/api/problem.ts';
import type { Settings } from '../../host/settings.ts';
import { error, type Line, ok, warning } from './line.ts';

const ASK_WITHIN_MS = 5_000;

/** What a node with several databases says of each. */
const readinessSchema = z.object({ databases: z.record(z.string(), z.string()) });

/** What the running service says of itself. */
export async function serviceLine({ tokenServiceUrl }: Settings): Promise<Line> {
  const url = `${tokenServiceUrl}/readyz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_WITHIN_MS) }).catch(() => undefined);
  if (answer === undefined) {
    return warning(
      'token service',
      `nothing answers at ${url}; start it, or set TOKEN_SERVICE_URL to where it listens`,
    );
  }
  if (answer.status === 200) return readyLine(url, await answer.json().catch(() => undefined));
  const problem = problemSchema.safeParse(await answer.json().catch(() => undefined)).data;
  const why = problem ? (problem.detail ?? problem.title) : `status ${answer.status}`;
  return error('token service', `not ready at ${url}: ${why}; its log says more`);
}

/** A node is ready while one of its databases is. */
function readyLine(url: string, said: unknown): Line {
  const { databases = {} } = readinessSchema.safeParse(said).data ?? {};
  const away = Object.keys(databases).filter((name) => databases[name] !== 'ready');
  return away.length === 0
    ? ok('token service', `ready at ${url}`)
    : error(
        'token service',
        `ready at ${url}, but these of its databases are not: ${away.join(', ')}; its log says more`,
      );
}
