import type { PaperKind } from '../store/schema.ts';
import type { ActName } from './acts.ts';

/** Where the pages of the console are. */

export const customerPath = (id: string): string => `/customers/${encodeURIComponent(id)}`;

export const actPath = (customerId: string, act: ActName): string =>
  `${customerPath(customerId)}/acts/${act}`;

export const historyPath = (customerId: string): string => `${customerPath(customerId)}/history`;

/** @param no of what was written down */
export const recordPath = (customerId: string, no: string): string =>
  `${customerPath(customerId)}/records/${no}`;

/** Where files of hardware tokens are imported. */
export const IMPORTS_PATH = '/imports';

/** How far the import of a file is. */
export const importPath = (digest: string): string => `${IMPORTS_PATH}/${digest}`;

/** Where a paper of a customer is registered. */
export const newPaperPath = (customerId: string, kind: PaperKind): string =>
  `${customerPath(customerId)}/papers/${kind}`;

export const paperPath = (no: string): string => `/papers/${no}`;

export const proposalPath = (no: string): string => `/proposals/${no}`;

export const reviewPath = (no: string): string => `/reviews/${no}`;
