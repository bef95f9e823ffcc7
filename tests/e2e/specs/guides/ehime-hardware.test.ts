import { beforeAll, describe, expect, test } from 'vitest';
import { nextStep } from '../../flows/next-step.ts';
import { ShinkinBank, TARO_CONTRACT } from '../../pages/shinkin-bank.ts';
import { Staff } from '../../pages/staff.ts';
import { useStage } from '../../stage.ts';

const EHIME = '愛媛信用金庫';

/**
 * The same guide, ① to ⑧, with a hardware token, whose codes the customer reads and types: first ③ to ⑧, and what it is for;
 * then 交換 to a software token, which is lost; then the whole guide, with a second hardware token.
 */
describe.each(['chromium', 'firefox'] as const)('愛媛信用金庫 with a hardware token in %s', (kind) => {
  const onStage = useStage(kind, { institution: 'ehime', hardware: true });
  let bank: ShinkinBank;

  beforeAll(() => {
    const { bank: page, system } = onStage();
    bank = new ShinkinBank(page.page, system.bankUrl);
  });

  /** The シリアル番号 and two codes in a row, as a device of the customer's shows them. */
  async function typeFrom(which: number): Promise<string> {
    const { system } = onStage();
    const device = system.devices[which];
    if (device === undefined) throw new Error('the customer has no such device');
    await bank.typeDevice(device.serial, system.pairShownBy(device));
    return device.serial;
  }

  /** The code that the first device shows. */
  function shown(): string {
    const { system } = onStage();
    const [device] = system.devices;
    if (device === undefined) throw new Error('the customer has no device');
    return system.shownBy(device);
  }

  /** The one it shows when that is spent. */
  async function nextCode(): Promise<string> {
    await onStage().system.nextStep();
    return shown();
  }

  test('③・④・⑤・⑥ a device in the hand; ログインページ, 「利用開始」, 契約者ID and ログインパスワード', async () => {
    await bank.page.goto(`${bank.url}/`);
    await bank.see('ログイン');
    await bank.begin('利用開始', TARO_CONTRACT);
    await bank.read('ハードウェアトークン（キーホルダー型）');
  });

  test('⑦ シリアル番号 and two codes in a row are typed as the device shows them; nothing is filled', async () => {
    const { shot } = onStage();
    expect([await bank.valueOf('シリアル番号'), await bank.code()]).toEqual(['', '']);
    await typeFrom(0);
    await bank.tick('認証する');
    await bank.typePositions(TARO_CONTRACT);
    await shot(bank, 'ehime-hardware-7');
    await bank.pressAndGo('登録');
  });

  test('⑧ 処理結果 with 受付番号 and 受付時刻, and the mail', async () => {
    const { system, shot } = onStage();
    const serial = system.devices[0]?.serial ?? '';
    await bank.see('ワンタイムパスワード利用開始（処理結果）');
    const said = await bank.text();
    for (const name of ['受付番号', '受付時刻', serial, '認証する']) expect(said).toContain(name);
    await shot(bank, 'ehime-hardware-8');
    const { text } = await system.mail(TARO_CONTRACT.email, '利用登録完了');
    expect(text).toContain(serial);
  });

  test('ログイン with the code, as it was chosen', async () => {
    const code = await nextCode();
    await bank.login(TARO_CONTRACT);
    await bank.see('ワンタイムパスワード認証');
    await bank.typeCode(code);
    await bank.pressAndGo('認証');
    await bank.see('トップページ');
  });

  test('振込 by the code: the page says what a device cannot show, and how much one transfer may be', async () => {
    const { shot } = onStage();
    const before = await bank.balance();
    await bank.enterTransfer(300_001);
    await bank.read(
      'ハードウェアトークンでのお振込の上限（1件あたり300,000円）を超えるため、お振込できません',
    );
    await shot(bank, 'ehime-hardware-limit');
    await bank.enterTransfer(300_000);
    await bank.see('振込（確認画面）');
    await bank.read('ハードウェアトークンには、お取引の内容が表示されません');
    await bank.read('1件あたりの上限は300,000円です');
    await bank.typeCode(await nextCode());
    await bank.typePositions(TARO_CONTRACT);
    await shot(bank, 'ehime-hardware-transfer');
    await bank.pressAndGo('確定する');
    await bank.see('振込（完了）');
    expect(await bank.balance()).toBe(before - 300_000);
  });

  test('再同期 by two codes in a row: nothing is filled, and the mail', async () => {
    const { system, shot } = onStage();
    await system.nextStep();
    await system.nextStep();
    await bank.begin('再同期', TARO_CONTRACT);
    expect(await bank.code()).toBe('');
    const [device] = system.devices;
    if (device === undefined) throw new Error('the customer has no device');
    await bank.typePair(system.pairShownBy(device));
    await bank.typePositions(TARO_CONTRACT);
    await shot(bank, 'ehime-hardware-resync');
    await bank.pressAndGo('再同期');
    await bank.see('ワンタイムパスワード再同期（処理結果）');
    await system.mail(TARO_CONTRACT.email, '再同期');
  });

  test('交換 to a software token: the device’s code is typed, the app fills its own シリアル番号 and code', async () => {
    const { system, token, shot } = onStage();
    await system.nextStep();
    await token.page.bringToFront();
    const serial = await token.make(EHIME);
    await bank.begin('交換', TARO_CONTRACT);
    expect(await bank.filledSerial('新しいシリアル番号')).toBe(serial);
    await bank.filled('新しいワンタイムパスワード');
    expect(await bank.valueOf('現在のワンタイムパスワード')).toBe('');
    await bank.type('現在のワンタイムパスワード', shown());
    await bank.typePositions(TARO_CONTRACT);
    await shot(bank, 'ehime-hardware-exchange');
    await bank.pressAndGo('交換');
    await bank.see('ワンタイムパスワード交換（処理結果）');
    const { text } = await system.mail(TARO_CONTRACT.email, '交換完了');
    expect(text).toContain(serial);
  });

  test('ログイン after 交換: the device’s code is refused, the app’s is filled', async () => {
    await nextStep(onStage());
    await bank.login(TARO_CONTRACT);
    await bank.see('ワンタイムパスワード認証');
    await bank.filledCode();
    // Of a step further on: so the token has another code to fill after it.
    await bank.typeCode(await nextCode());
    await bank.pressAndGo('認証');
    await bank.read('ワンタイムパスワードが正しくないか、すでに使用されています');
    await bank.filledCode();
    await bank.pressAndGo('認証');
    await bank.see('トップページ');
  });

  test('① 解約届, for the token that is lost now', async () => {
    await bank.page.goto(`${bank.url}/help`);
    await bank.pressAndGo('「ワンタイムパスワードサービス ソフトウェアトークン解約届」');
    await bank.read('代表口座');
  });

  test('② staff stop it, and a mail says so', async () => {
    const { browser, system } = onStage();
    const staff = new Staff(await browser.newPage(), system.staffUrl);
    await staff.signIn(EHIME);
    await staff.search(TARO_CONTRACT.loginId);
    await staff.act('利用解除', EHIME);
    await system.mail(TARO_CONTRACT.email, '利用中止');
    await staff.page.close();
  });

  test('③〜⑧ again with another device', async () => {
    const { shot } = onStage();
    await bank.begin('利用開始', TARO_CONTRACT);
    const serial = await typeFrom(1);
    await bank.typePositions(TARO_CONTRACT);
    await bank.pressAndGo('登録');
    await bank.see('ワンタイムパスワード利用開始（処理結果）');
    const said = await bank.text();
    for (const text of [serial, '認証しない']) expect(said).toContain(text);
    await shot(bank, 'ehime-hardware-again');
    await bank.login(TARO_CONTRACT);
    await bank.see('トップページ');
  });
});
