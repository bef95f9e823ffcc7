import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { codeAt, importKey, type OtpParameters } from '../../../../core/otp/totp.ts';
import { oathtool } from '../../../oath-tools.ts';

const ANSER: OtpParameters = { algorithm: 'SHA-256', digits: 8, period: 60 };

test('an independent implementation makes the same codes', async () => {
  const program = oathtool();
  for (const seed of [1, 7, 99]) {
    const key = new Uint8Array(32).map((_, index) => (index * seed + 11) % 256);
    const hex = Buffer.from(key).toString('hex');
    for (const seconds of [59, 1_111_111_109, 1_795_249_232]) {
      const options = ['--totp=sha256', '--digits=8', '--time-step-size=60s', `--now=@${seconds}`, hex];
      const code = execFileSync(program, options, { encoding: 'utf8' }).trim();
      expect(await codeAt(await importKey(key, ANSER), ANSER, seconds * 1000)).toBe(code);
    }
  }
});
