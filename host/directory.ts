import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findNodeAtLocation, type JSONPath, type Node, parseTree } from 'jsonc-parser';
import type { z } from 'zod';
import { type Directory, directorySchema } from '../core/institution/directory.ts';
import { onPorts } from '../core/institution/ports.ts';

const DEFAULT = fileURLToPath(new URL('../core/institution/default.json', import.meta.url));

/**
 * Reads the directory a deployment is for.
 * @param path `WARIFU_DIRECTORY`; the default directory where it is not set
 * @param firstPort `WARIFU_PORT`: where the default directory's origins are
 * @throws Error naming the file, the line and what is wrong there
 */
export function loadDirectory(path: string | undefined, firstPort: number): Directory {
  const file = path ?? DEFAULT;
  const text = readFileSync(file, 'utf8');
  const parsed = directorySchema.safeParse(parseJson(file, text));
  if (!parsed.success) throw new Error(describeIssue(file, text, parsed.error));
  return path === undefined ? onPorts(parsed.data, firstPort) : parsed.data;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : 'not JSON'}`);
  }
}

function describeIssue(file: string, text: string, { issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return `${file}: not a directory`;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  return `${file}:${lineOf(text, path)}: ${path.join('.')}: ${issue.message}`;
}

/**
 * The line a value stands on in a JSON text, counted from 1; where it is not there, that of the nearest thing around it.
 * @param path names of members and numbers of elements, from the outside
 */
export function lineOf(text: string, path: readonly PropertyKey[]): number {
  const root = parseTree(text);
  const { offset = 0 } = (root && nearest(root, path.filter(isSegment))) ?? {};
  return text.slice(0, offset).split('\n').length;
}

const isSegment = (part: PropertyKey) => typeof part !== 'symbol';

function nearest(root: Node, path: JSONPath): Node {
  return findNodeAtLocation(root, path) ?? nearest(root, path.slice(0, -1));
}
