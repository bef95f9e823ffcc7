import type { TokenSummary } from '../core/vault/token.ts';
import type { TextKey } from './text.ts';

/** What the number of a token is called: シリアルNo where the bank issued it, シリアル番号 where its customer made it. */
export const serialName = ({ kind }: Pick<TokenSummary, 'kind'>): TextKey =>
  kind === 'serial' ? 'serialNumber' : 'serial';
