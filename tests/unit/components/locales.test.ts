import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import en from '../../../public/_locales/en/messages.json';
import ja from '../../../public/_locales/ja/messages.json';

const ROOT = resolve(import.meta.dirname, '../../..');
const languages: Record<string, Record<string, { message: string }>> = { ja, en };

/** Sources that name texts: the views, the tables of transactions, the entries, and the manifest. */
function sources(): string {
  const folders = ['components', 'core/transaction', 'entrypoints', 'platform'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(tsx?|html)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [...folders, join(ROOT, 'wxt.config.ts')].map((file) => readFileSync(file, 'utf8')).join('\n');
}

const placeholders = (message: string) => [...new Set(message.match(/\$[1-9]/g) ?? [])].sort();

describe('texts', () => {
  test('Japanese and English have the same keys in the same order', () => {
    expect(Object.keys(en)).toEqual(Object.keys(ja));
  });

  test('each text takes the same substitutions in both languages', () => {
    for (const [key, { message }] of Object.entries(languages.ja ?? {})) {
      expect({ key, holds: placeholders(languages.en?.[key]?.message ?? '') }).toEqual({
        key,
        holds: placeholders(message),
      });
    }
  });

  test('no text is empty, and a dollar sign is always a substitution', () => {
    for (const messages of Object.values(languages)) {
      for (const { message } of Object.values(messages)) {
        expect(message.trim()).not.toBe('');
        expect(message.replace(/\$[1-9]/g, '')).not.toContain('$');
      }
    }
  });

  test('in English no number stands before a word that would have to agree with it', () => {
    // A part of a screen is named in these, not a number.
    const numbered = Object.entries(en).filter(([key]) => !key.startsWith('check'));
    const agreeing = numbered.filter(([, { message }]) => /\$[1-9] (?:more )?[a-z]+s\b/i.test(message));
    expect(agreeing).toEqual([]);
  });

  test('keys are names the browsers accept, and differ by more than case', () => {
    const keys = Object.keys(ja);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_@]+$/);
    expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(keys.length);
  });

  test('every text is used', () => {
    const source = sources();
    const unused = Object.keys(ja).filter(
      (key) => ![`'${key}'`, `__MSG_${key}__`, `${key} as `].some((use) => source.includes(use)),
    );
    expect(unused).toEqual([]);
  });

  test("the product's own labels are kept to the letter", () => {
    expect(ja.serviceId.message).toBe('サービスID');
    expect(ja.userId.message).toBe('ユーザID');
    expect(ja.activationPassword.message).toBe('利用開始パスワード');
    expect(ja.agree.message).toBe('上記の内容に同意する');
    expect(ja.send.message).toBe('送信');
    expect(ja.enrolledBody.message).toBe('初期設定が正常に完了しました。');
    expect(ja.addedBody.message).toBe('トークン追加が正常に完了しました。');
    expect(ja.serial.message).toBe('シリアルNo');
    expect(ja.requestedAt.message).toBe('お振込申請日時');
    expect(ja.destination.message).toBe('お振込先');
    expect(ja.payee.message).toBe('お振込先人名');
    expect(ja.amount.message).toBe('お振込金額');
    expect(ja.confirmAgree.message).toBe('お取引内容を確認しました。');
    expect(ja.ok.message).toBe('OK');
    expect(ja.confirmedBody.message).toBe(
      '本アプリにてお取引は完了しません「OK」を押した後、お取引画面にてお手続きを継続してください。',
    );
    expect(ja.confirmNoticeBody.message).toBe('ワンタイムPWアプリを起動して、取引内容を確認してください');
  });
});
