import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  findNodeAtLocation,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { z } from 'zod';
import { type Directory, directorySchema } from '../core/institution/directory.ts';
import { onPorts } from '../core/institution/ports.ts';

const DEFAULT = fileURLToPath(new URL('../core/institution/default.json', import.meta.url));

/**
 * Reads the directory of a deployment.
 * @param path `WARIFU_DIRECTORY`; the default directory unless given
 * @param firstPort `WARIFU_PORT`, the first port of the default directory's origins
 * @throws Error with the file, the line and what is wrong there
 */
export function loadDirectory(path: string | undefined, firstPort: number): Directory {
  const file = path ?? DEFAULT;
  const text = readFileSync(file, 'utf8');
  const parsed = directorySchema.safeParse(parseJson(file, text));
  if (!parsed.success) throw new Error(describeIssue(file, text, parsed.error));
  return path === undefined ? onPorts(parsed.data, firstPort) : parsed.data;
}

function parseJson(file: string, text: string): unknown {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [error] = errors;
  if (error !== undefined || root === undefined) {
    const what = error === undefined ? 'nothing in it' : printParseErrorCode(error.error);
    throw new Error(`${file}:${lineAt(text, error?.offset ?? 0)}: not JSON: ${what}`);
  }
  const twice = memberTwice(root);
  if (twice !== undefined) {
    throw new Error(
      `${file}:${lineAt(text, twice.offset)}: ${twice.value}: the object has this name for the second time`,
    );
  }
  return JSON.parse(text);
}

/** The first name that an object has twice. JSON.parse would silently take the last of the two. */
function memberTwice({ type, children = [] }: Node): Node | undefined {
  const names = type === 'object' ? children.map(({ children: [name] = [] }) => name) : [];
  const twice = names.find((name, at) => names.slice(0, at).some((before) => before?.value === name?.value));
  if (twice !== undefined) return twice;
  for (const child of children) {
    const found = memberTwice(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describeIssue(file: string, text: string, { issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return `${file}: not a directory`;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  return `${file}:${lineOf(text, path)}: ${path.join('.')}: ${issue.message}`;
}

/**
 * The line of a value in a JSON text, counted from 1. If the value is missing, the line of the nearest value around it.
 * @param path names of members and indexes of elements, outermost first
 */
export function lineOf(text: string, path: readonly PropertyKey[]): number {
  const root = parseTree(text);
  const { offset = 0 } = (root && nearest(root, path.filter(isSegment))) ?? {};
  return lineAt(text, offset);
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

const isSegment = (part: PropertyKey) => typeof part !== 'symbol';

function nearest(root: Node, path: JSONPath): Node {
  return findNodeAtLocation(root, path) ?? nearest(root, path.slice(0, -1));
}
