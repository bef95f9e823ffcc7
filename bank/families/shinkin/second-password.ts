import {
  missingPositions,
  POSITIONAL_PASSWORD_NAME,
  positionsError,
  positionsFor,
  renewPositions,
} from '../../customer/positional-password.ts';
import type { SecondPassword } from '../common/second-password.ts';
import { positionRows } from './pages/positions.ts';

/** 資金移動用パスワード: two of its positions. */
export const POSITIONAL_PASSWORD: SecondPassword = {
  name: POSITIONAL_PASSWORD_NAME,
  rows: async (dependencies, customerId, errors) =>
    positionRows(await positionsFor(dependencies, customerId), errors),
  missing: missingPositions,
  error: (dependencies, institution, { id }, form) => positionsError(dependencies, institution, id, form),
  used: ({ db }, customerId, form) => renewPositions(db, customerId, form),
};
