import { isAddress } from '../../core/transaction/address.ts';
import type { FieldError } from './form.ts';

/** The error of an e-mail address that is typed twice. @param name of the field; the second is its （確認用） */
export function addressError(
  name: string,
  { email, emailAgain }: { readonly email: string; readonly emailAgain: string },
): FieldError | undefined {
  if (email === '') return { field: 'email', message: `${name}を入力してください。` };
  if (!isAddress(email)) {
    return {
      field: 'email',
      message: `${name}は、半角英数字記号で「taro@example.jp」のように入力してください。`,
    };
  }
  return email === emailAgain
    ? undefined
    : { field: 'email_again', message: `${name}と${name}（確認用）に同じ内容を入力してください。` };
}
