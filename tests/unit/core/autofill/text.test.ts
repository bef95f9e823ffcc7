import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headingName, labelName, plain, steady } from '../../../../core/autofill/text.ts';

const OTP = 'ワンタイムパスワード';

/** A text as pages set it: in half or full width where there is one, with white space between. */
const set = (text: string) =>
  fc
    .tuple(
      ...[...text].map((letter) =>
        fc.tuple(fc.constantFrom(...widths(letter)), fc.constantFrom('', ' ', '\n', '　')),
      ),
    )
    .map((letters) => letters.flat().join(''));

function widths(letter: string): string[] {
  const code = letter.charCodeAt(0);
  if (code > 0x20 && code < 0x7f) return [letter, String.fromCharCode(code + 0xfee0)];
  return [letter, HALF_WIDTH[letter] ?? letter];
}

const HALF_WIDTH: Record<string, string> = {
  ワ: 'ﾜ',
  ン: 'ﾝ',
  タ: 'ﾀ',
  イ: 'ｲ',
  ム: 'ﾑ',
  パ: 'ﾊﾟ',
  ス: 'ｽ',
  ー: 'ｰ',
  ド: 'ﾄﾞ',
  ロ: 'ﾛ',
  グ: 'ｸﾞ',
};

describe('plain', () => {
  test.each([
    ['ﾜﾝﾀｲﾑﾊﾟｽﾜｰﾄﾞ', OTP],
    ['ワンタイム\n      パスワード', OTP],
    ['画面ＩＤ　：　ＢＬＩ０２３', '画面ID:BLI023'],
    ['ログイン（ワンタイムパスワード認証）', 'ログイン(ワンタイムパスワード認証)'],
    ['\ufeffワンタイム\u200bパスワード', OTP],
    ['［必須］', '[必須]'],
    ['ワン\u00adタイム\u200cパス\u2060ワード', OTP],
  ])('%j is %j', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test('of any width and spacing is the same text', () => {
    fc.assert(
      fc.property(
        set('ログイン(ワンタイムパスワード認証)'),
        (text) => plain(text) === 'ログイン(ワンタイムパスワード認証)',
      ),
    );
  });

  test('changes nothing any more the second time', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => plain(plain(text)) === plain(text)));
  });
});

describe('steady', () => {
  test.each([
    ['残り 4:59', '残り 4:58'],
    ['残り時間：０４：００', '残り時間：０３：５９'],
    ['あと4分59秒', 'あと4分 58秒'],
    ['あと 60 秒', 'あと 59 秒'],
  ])('%j is no other text than %j', (one, other) => {
    expect(steady(one)).toBe(steady(other));
  });

  test.each([
    ['150,000円 4:59', '900,000円 4:58'],
    ['口座番号 1234567', '口座番号 1234568'],
    ['確認番号 47', '確認番号 48'],
    ['口座番号\n1234567\n5分以内に', '口座番号\n1234568\n5分以内に'],
    ['口座番号 1234567 4:59', '口座番号 1234568 4:58'],
  ])('%j is another than %j', (one, other) => {
    expect(steady(one)).not.toBe(steady(other));
  });
});

describe('labelName', () => {
  test.each([
    '【必須】ワンタイムパスワード (半角数字)',
    '［必須］ﾜﾝﾀｲﾑﾊﾟｽﾜｰﾄﾞ（半角数字8桁）：',
    '必須 ワンタイムパスワード',
    'ワンタイムパスワード ※',
    '* ワンタイムパスワード:',
    'ワンタイムパスワード【必須】',
    'ワンタイムパスワード（8桁）',
    'ワンタイムパスワード（８桁の数字）',
    'ワンタイムパスワード（数字8桁）',
    'ワンタイムパスワード（6〜8桁）',
    'ワンタイムパスワード（八桁の数字）',
    'ワンタイムパスワード（8文字以内）',
    'ワンタイムパスワード（数字でご入力）',
    'ワンタイムパスワード［半角数字］',
    'ワンタイムパスワード【8桁】',
    'ワンタイムパスワード（必須）',
    'ワンタイムパスワード（半角）（8桁）',
    'ワンタイムパスワード（8桁の半角数字）',
    'ワンタイムパスワード（８桁・半角数字）',
    'ワンタイムパスワード（8桁、半角）',
    'ワンタイムパスワード（数字8桁，半角）',
    'ワンタイムパスワード（8ケタ）',
    'ワンタイムパスワード（数字のみ）',
    'ワンタイムパスワード（数字8けただけ）',
    'ワンタイムパスワード〔8桁〕',
    'ワンタイムパスワード〈8桁〉',
    'ワンタイムパスワード＜8桁＞',
    'ワンタイムパスワード（全8桁）',
    'ワンタイムパスワード（最大8桁）',
    'ワンタイムパスワード（8桁の番号）',
    'ワンタイムパスワード（半角英数記号）',
    'ワンタイムパスワード（半角数字で入力してください。）',
    'ワンタイムパスワード（半角数字8桁、ハイフンなし）',
    'ワンタイムパスワード（半角英字・スペース不要）',
  ])('%j is the field for the code', (label) => {
    expect(labelName(label)).toBe(OTP);
  });

  test.each([
    'ワンタイムパスワード（確認用）',
    'ワンタイムパスワード以外のパスワード',
    'ワンタイムパスワード利用開始日',
    'ワンタイム',
    '新しいワンタイムパスワード',
    'ワンタイムパスワード 2',
    'ワンタイムパスワード（お手元の表の数字）',
    'ワンタイムパスワード（8桁目）',
    'ワンタイムパスワード（2回目）',
    'ワンタイムパスワード（前回の8桁）',
    'ワンタイムパスワード（メール）',
    'ワンタイムパスワード（）',
    'ワンタイムパスワード（8桁の半角数字、確認用）',
    'ワンタイムパスワード（8桁・半角数字',
    'ワンタイムパスワード〔確認用〕',
    'ワンタイムパスワード（8番目）',
    'ワンタイムパスワード（2の番号）',
    'ワンタイムパスワード（半角数字・確認用）',
    'ワンタイムパスワード（半角・前回のもの）',
    'ワンタイムパスワード（半角数字8桁・前回入力した番号）',
    'ワンタイムパスワード（半角ニックネーム）',
    'ワンタイムパスワード（全角カナのお名前）',
  ])('%j is not', (label) => {
    expect(labelName(label)).not.toBe(OTP);
  });

  test('is the field for the code only where its name is there whole and alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (other) => {
        fc.pre(labelName(other) !== '');
        return labelName(OTP + other) !== OTP && labelName(other + OTP) !== OTP;
      }),
    );
  });
});

describe('headingName', () => {
  const HEADING = 'ログイン(ワンタイムパスワード認証)';

  test.each([
    'ログイン（ワンタイムパスワード認証）',
    'STEP 2 ログイン（ワンタイムパスワード認証）',
    'ＳＴＥＰ２ログイン（ワンタイムパスワード認証）',
    'ステップ2：ログイン（ワンタイムパスワード認証）',
    '手順２　ログイン（ワンタイムパスワード認証）',
    '2. ログイン（ワンタイムパスワード認証）',
    '2/3 ログイン（ワンタイムパスワード認証）',
    '② ログイン（ワンタイムパスワード認証）',
    '■ログイン（ワンタイムパスワード認証）',
    '◆ ログイン（ワンタイムパスワード認証）',
    '● 3. ログイン（ワンタイムパスワード認証）',
    '◎ログイン（ワンタイムパスワード認証）',
    '★ログイン（ワンタイムパスワード認証）',
    '▲ログイン（ワンタイムパスワード認証）',
    '（2）ログイン（ワンタイムパスワード認証）',
    '2-1．ログイン（ワンタイムパスワード認証）',
    'STEP.2ログイン（ワンタイムパスワード認証）',
  ])('%j is the screen’s', (heading) => {
    expect(headingName(heading)).toBe(HEADING);
  });

  test.each([
    '新しいログイン（ワンタイムパスワード認証）',
    'ログイン（ワンタイムパスワード認証）のご案内',
    'よくある質問 > ログイン（ワンタイムパスワード認証）',
    'Q. ログイン（ワンタイムパスワード認証）',
  ])('%j is not', (heading) => {
    expect(headingName(heading)).not.toBe(HEADING);
  });
});
