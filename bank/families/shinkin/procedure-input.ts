import { isMadeSerial, normaliseSerial } from '../../../core/otp/serial.ts';
import type { OtpProcedureKind } from '../../store/schema.ts';
import { readOtp } from '../../token/code-input.ts';
import type { PresentedCodes } from '../../token/procedures.ts';
import type { FieldError } from '../../web/form.ts';

/** What was typed: the form shows it again, and the token service gets it. */
export interface ProcedureInput {
  readonly serial: string;
  /** Null if the procedure does not ask for it. */
  readonly loginOtp: boolean | null;
  readonly presented: PresentedCodes;
  /** Errors in the order of the fields. */
  readonly errors: readonly FieldError[];
}

const SERIAL = /^[0-9A-Z]{6,24}$/;

type Form = ReadonlyMap<string, string>;

/** Reads a form. An error at a field means that nothing is presented. */
export function readProcedure(kind: OtpProcedureKind, form: Form): ProcedureInput {
  const errors: FieldError[] = [];
  const code = (name: string): string => {
    const input = readOtp(form.get(name));
    if (input.kind === 'code') return input.code;
    errors.push({ ...input.error, field: name });
    return '';
  };
  if (kind === 'stop') {
    return { serial: '', loginOtp: null, presented: { code: code('otp'), codes: [] }, errors };
  }
  if (kind === 'resync') {
    const codes = [code('otp'), code('otp_next')];
    if (errors.length === 0 && codes[0] === codes[1]) errors.push(SAME_CODE);
    return { serial: '', loginOtp: null, presented: { codes }, errors };
  }
  const old = kind === 'exchange' ? code('otp_old') : undefined;
  const serial = normaliseSerial(form.get('serial') ?? '');
  const isDevice = (form.get('otp_next') ?? '').trim() !== '';
  const wrong = serialError(serial, isDevice);
  if (wrong !== undefined) errors.push(wrong);
  const codes = [code('otp'), ...(isDevice ? [code('otp_next')] : [])];
  const loginOtp = kind === 'register' ? form.get('login_otp') === 'yes' : null;
  return { serial, loginOtp, presented: { ...(old !== undefined && { code: old }), codes }, errors };
}

/** Found before anybody is asked, as it would count as a wrong code. */
const SAME_CODE: FieldError = {
  field: 'otp_next',
  message:
    '1つ目と同じワンタイムパスワードです。ハードウェアトークンに次のワンタイムパスワードが表示されてから、入力してください。',
};

/** A device's is its maker's. Every other has a check character, so that a slip is found before anybody is asked. */
function serialError(serial: string, isDevice: boolean): FieldError | undefined {
  if (SERIAL.test(serial) && (isDevice || isMadeSerial(serial))) return undefined;
  return { field: 'serial', message: serialMessage(serial) };
}

function serialMessage(serial: string): string {
  if (serial === '') return 'シリアル番号を入力してください。';
  if (!SERIAL.test(serial))
    return 'シリアル番号は、トークンに表示されているとおりに、半角英数字で入力してください。';
  return 'シリアル番号に誤りがあります。トークンに表示されているとおりに入力してください。ハードウェアトークンの場合は、続けて表示されるワンタイムパスワードも入力してください。';
}

/** The token service refused. The text must not tell which value was wrong, or whose token it is. */
export const NOT_ACCEPTED: Readonly<Record<OtpProcedureKind, FieldError>> = {
  register: {
    field: '',
    message:
      'シリアル番号またはワンタイムパスワードが正しくないか、ご登録いただけないトークンです。トークンの表示をご確認のうえ、新しいワンタイムパスワードが表示されてから、もう一度入力してください。続けて間違えると、しばらくのあいだ登録できなくなります。',
  },
  exchange: {
    field: '',
    message:
      'いずれかの入力が正しくないか、ご登録いただけないトークンです。これまでのトークンは、そのままご利用いただけます。両方のトークンの表示をご確認のうえ、新しいワンタイムパスワードが表示されてから、もう一度入力してください。',
  },
  stop: {
    field: 'otp',
    message:
      'ワンタイムパスワードが正しくないか、すでに使用されています。トークンに新しいパスワードが表示されてから、もう一度入力してください。',
  },
  resync: {
    field: '',
    message:
      'ワンタイムパスワードが正しくないか、続けて表示されたものではありません。トークンに新しく表示される2つのワンタイムパスワードを、表示された順に入力してください。',
  },
};
