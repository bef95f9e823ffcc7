import type { LatestConfirmations } from '../../core/transaction/confirmations.ts';
import { institutionKeys } from '../faces.ts';

/** The answer where nobody could be asked: it does not claim that nothing waits. */
export const UNASKED: LatestConfirmations = { confirmations: [], failed: institutionKeys };
