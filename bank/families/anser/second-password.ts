import {
  CONFIRMATION_PASSWORD_NAME,
  confirmationPasswordError,
  missingConfirmationPassword,
} from '../../customer/confirmation-password.ts';
import type { SecondPassword } from '../common/second-password.ts';
import { confirmationPasswordRow } from './pages/issue.ts';

const typedIn = (form: ReadonlyMap<string, string>) => form.get('confirmation_password') ?? '';

/** 確認用パスワード: typed in full. */
export const CONFIRMATION_PASSWORD: SecondPassword = {
  name: CONFIRMATION_PASSWORD_NAME,
  rows: (_, __, errors) => confirmationPasswordRow({ errors }),
  missing: (_, __, form) => missingConfirmationPassword(typedIn(form)),
  error: (dependencies, institution, customer, form) =>
    confirmationPasswordError(dependencies, institution, customer, typedIn(form)),
};
