import type { FileReason, RowReason } from '../../host/token-file/token.ts';

/** Why a file of tokens, or one token of it, is not taken, in words. */

export const ROW_WORDS: Readonly<Record<RowReason, string>> = {
  columns: '項目の数が見出しの行と異なります',
  'element-twice': '1つだけのはずの要素が2つあります',
  'no-serial': 'シリアル番号がありません',
  'bad-serial': 'シリアル番号が6〜24文字の英数字ではありません',
  'serial-twice': '同じシリアル番号がファイルの前の行にあります',
  'id-twice': '同じ鍵のIDがファイルの前の行にあります',
  'other-kind': 'HOTPでもTOTPでもありません',
  'other-hash': 'ハッシュがSHA-1・SHA-256・SHA-512のいずれでもありません',
  'other-digits': 'パスワードの桁数が6桁でも8桁でもありません',
  'other-codes': 'パスワードが数字だけではありません',
  'other-period': '対応していない間隔でパスワードが変わります',
  'bad-counter': 'カウンタの値が正しくありません',
  'bad-drift': '時刻のずれの値が正しくありません',
  'bad-expiry': '使用開始または有効期限の日時が正しくありません',
  'other-policy': '対応していない使用条件が付いています',
  'no-key': '鍵がありません',
  'bad-key': '鍵の書き方が正しくありません',
  'short-key': '鍵が短すぎます',
  'long-key': '鍵が長すぎます',
  'sealed-counter': '鍵以外の値（カウンタなど）が暗号化されています',
};

export const FILE_WORDS: Readonly<Record<FileReason, string>> = {
  empty: 'ファイルの中身がありません',
  'not-utf8': 'ファイルの文字コードがUTF-8ではありません',
  'not-xml': 'XMLとして正しくありません',
  doctype: '文書型宣言（DTD）を含むファイルは受け付けられません',
  'too-long': '長すぎる行または要素があります',
  'too-deep': '要素の重なりが深すぎます',
  'too-many': 'トークンの数が多すぎます。ファイルを分けてください',
  'not-pskc': 'XMLですが、PSKC 1.0（RFC 6030）ではありません',
  order: '暗号化の方式が、鍵よりも後に書かれています',
  header: '1行目がトークンのCSVの見出しではありません',
  'not-csv': 'PSKCでもCSVでもありません',
  'password-needed': 'パスワードで暗号化されています。パスワードを入力してください',
  'key-needed': '事前に取り決めた鍵で暗号化されています。鍵を入力してください',
  'wrong-key': 'パスワードまたは鍵が誤っているか、ファイルが書き換えられています',
  'no-mac': '暗号化された鍵に、改ざんを見分けるMACがありません',
  'in-clear':
    '暗号化されているはずのファイルに、暗号化されていない鍵があります。書き換えられていないか、送り主に確認してください。もともと暗号化されていないファイルの場合は、パスワードと鍵を空欄にしてください',
  'other-encryption': '対応していない方式で暗号化されています',
  'not-yet': '使用開始の日時になっていないトークンがあります。その日時より後に取り込んでください',
  changed: '読み取りの途中でファイルが変わりました',
};
