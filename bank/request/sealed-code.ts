import { z } from 'zod';
import type { RequestRow } from '../store/requests.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import type { RequestDependencies, RequestKind } from './kind.ts';

const context = ({ type }: RequestKind, id: string) => `${type} ${id}`;

/** Seals the code of a request that is about to be claimed; null if none is needed. */
export async function sealCode(
  { keys, randomBytes }: Pick<RequestDependencies, 'keys' | 'randomBytes'>,
  kind: RequestKind,
  id: string,
  code: string | undefined,
): Promise<Uint8Array | null> {
  return code === undefined ? null : sealJson(keys.sealing, code, context(kind, id), randomBytes);
}

/** The code of a claimed request; undefined if none was needed. */
export async function openCode(
  { keys }: Pick<RequestDependencies, 'keys'>,
  kind: RequestKind,
  { id, code }: Pick<RequestRow, 'id' | 'code'>,
): Promise<string | undefined> {
  return code === null ? undefined : openJson(keys.sealing, code, context(kind, id), z.string());
}
