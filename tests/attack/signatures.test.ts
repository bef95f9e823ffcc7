import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fillOnRequest } from '../e2e/fixtures/content-script.ts';
import { Bank, TARO } from '../e2e/pages/bank.ts';
import { useSharedOriginStage } from '../e2e/shared-origin-stage.ts';
import { institutionOf } from '../institutions.ts';
import { holdAnswers, letAnswersGo, signaturesOf } from './extension-page.ts';
import type { PageParts } from './pages.ts';
import { carrying, SHARING, SigningArena, type Waiting } from './signing-arena.ts';

const MINUTES_TOO_LATE = 5;

/** Login by signature, attacked at the bank's own address: what docs/THREATS.md says of it, against the production build. */
describe.each(['chromium', 'firefox'] as const)('login by signature, in %s', (kind) => {
  let arena: SigningArena;
  const onStage = useSharedOriginStage(kind, SHARING);
  beforeAll(async () => {
    arena = await SigningArena.on(onStage());
  });
  afterAll(() => arena?.attacker.close());
  afterEach(() => arena.end());

  /** Has another login signed, from question to signature: what the question before was to get, it has by then. */
  async function signedAfterwards(): Promise<void> {
    const { challenge } = await arena.login();
    expect(await arena.play(challenge)).toBe('signed');
  }

  const signatures = async ({ challenge }: Waiting) =>
    (await signaturesOf(arena.tokenPage)).filter((one) => one.challenge === challenge);

  async function expectNothing(...all: readonly Waiting[]): Promise<void> {
    for (const one of all) {
      expect(await signatures(one)).toEqual([]);
      expect(await one.getsIn()).toBe(false);
    }
  }

  test('a script in the bank’s own page has another session’s challenge signed, and that one alone', async () => {
    const [theirs, another] = [await arena.login(), await arena.login()];
    expect(await arena.play(theirs.challenge)).toBe('signed');
    expect(await another.getsIn(theirs.challenge)).toBe(false);
    expect(await theirs.getsIn()).toBe(true);
    await expectNothing(another);
  });

  test('a signature is good once: not for its challenge again, and for no other', async () => {
    const [one, other] = [await arena.login(), await arena.login()];
    expect(await arena.play(one.challenge)).toBe('signed');
    expect(await one.getsIn()).toBe(true);
    const [captured] = await signatures(one);
    const places = [one, other].map(
      ({ challenge }) => `${onStage().system.serviceUrl}/v1/token/challenges/${challenge}/signature`,
    );
    expect(await arena.post(places, { signature: captured?.signature })).toEqual([401, 401]);
    expect(await arena.play(one.challenge, {}, arena.url('/login/again'))).toBe(
      'unsigned: challenge-unknown',
    );
    expect(await signatures(one)).toHaveLength(1);
    await expectNothing(other);
  });

  test('a page that carries another token’s challenge gets nothing', async () => {
    const theirs = await arena.login('akagi');
    expect(await arena.play(theirs.challenge)).toBe('unsigned: challenge-unknown');
    await expectNothing(theirs);
  });

  describe('a page', () => {
    let own: Waiting;
    let other: Waiting;
    beforeAll(async () => {
      own = await arena.longLogin();
      other = await arena.longLogin();
    });
    afterAll(async () => {
      await own?.leave();
      await other?.leave();
    });

    test.each([
      ['names the other', ['akagi'], 'unsigned: challenge-unknown'],
      ['names both', ['aomoriken', 'akagi'], 'unsigned: institution-unknown'],
      ['names none', [], 'unsigned: institution-unknown'],
    ])('at an origin of two institutions that %s gets nothing', async (_what, named, refusal) => {
      const before = `<header>${named.map((key) => institutionOf(key).name).join('／')}</header>`;
      expect(await arena.play(own.challenge, { before })).toBe(refusal);
      await expectNothing(own);
    });

    test.each<[string, (own: string, other: string) => PageParts]>([
      ['a second challenge beside its own', (own, other) => ({ line: carrying(own) + carrying(other) })],
      [
        'a second challenge in another form',
        (_own, other) => ({ after: `<form method="post">${carrying(other)}</form>` }),
      ],
      ['a challenge in a field that is not hidden', (own) => ({ line: carrying(own, 'text') })],
      [
        'a challenge in a form that is sent by GET',
        (own) => ({ main: `<form method="get">${carrying(own)}</form>` }),
      ],
      [
        'a challenge in a form that leads elsewhere',
        (own) => ({ line: `${carrying(own)}<button formaction="http://evil.localhost/">` }),
      ],
      ['a challenge in no form', (own) => ({ line: '', after: carrying(own) })],
      [
        'a challenge in a shadow tree',
        (own) => ({
          line: '',
          after: `<div><template shadowrootmode="open"><form method="post">${carrying(own)}</form></template></div>`,
        }),
      ],
    ])('with %s gets nothing', async (_what, parts) => {
      expect(await arena.play(own.challenge, parts(own.challenge, other.challenge))).toBe(
        'unrecognised: field',
      );
      await expectNothing(own, other);
    });
  });

  test('a page in a frame gets nothing, of its own origin or of another', async () => {
    const login = await arena.login();
    const framed = arena.url('/login/framed');
    arena.put(framed, arena.html(login.challenge));
    const frame = `<!DOCTYPE html><iframe src="${framed}" width="900" height="700"></iframe>`;
    arena.attacker.serve('/frame', frame);
    await arena.page.goto(arena.attacker.url('/frame'));
    expect(await arena.asked()).toBe('no content script');
    await arena.open(frame, arena.url('/login/framing'));
    expect(await arena.outcome()).toBe('unrecognised: screen');
    expect(await arena.asked()).toBe('unrecognised: screen');
    await expectNothing(login);
  });

  test('a page behind another gets nothing until it is looked at, asked or not', async () => {
    const login = await arena.login();
    const url = arena.url('/login/behind');
    arena.put(url, arena.html(login.challenge));
    await arena.tokenPage.bringToFront();
    await arena.page.goto(url);
    expect(await arena.outcome()).toBe('unrecognised: screen');
    expect(await arena.asked()).toBe('unrecognised: screen');
    expect(await signatures(login)).toEqual([]);
    await arena.page.bringToFront();
    await arena.until(async () => (await arena.outcome()) === 'signed', 'the signature');
    expect(await login.getsIn()).toBe(true);
  });

  test('a page that opens the bank’s in a window under itself gets nothing of the login there', async () => {
    const { bank, token } = onStage();
    const theirs = await arena.login();
    await fillOnRequest(token.page, true);
    await bank.login(TARO);
    await bank.asksForSignature();
    const opens = `open('${arena.url()}', '', 'popup,width=900,height=700'); focus()`;
    const after = `<button id="open" onclick="${opens}">次へ</button>`;
    arena.attacker.serve('/over', arena.html(theirs.challenge, { after }));
    await arena.page.goto(arena.attacker.url('/over'));
    await fillOnRequest(token.page, false);
    const opened = new Promise<Page | null>((resolve) => arena.page.once('popup', resolve));
    await arena.page.click('#open');
    const popup = await opened;
    if (popup === null) throw new Error('no window was opened');
    await popup.bringToFront();
    await new Bank(popup, bank.url).see('トップページ');
    await popup.close();
    await expectNothing(theirs);
  });

  test('two tabs of a session get one signature, and both get in', async () => {
    const { bank, browser, token } = onStage();
    await fillOnRequest(token.page, true);
    const beside = new Bank(await browser.newPage(), bank.url);
    await bank.login(TARO);
    await bank.asksForSignature();
    const challenge = await bank.challenge();
    await beside.page.bringToFront();
    await beside.page.goto(arena.url());
    await beside.asksForSignature();
    expect(await beside.challenge()).toBe(challenge);
    await fillOnRequest(token.page, false);
    await arena.scripts.wish();
    await beside.see('トップページ');
    await bank.see('トップページ');
    expect((await signaturesOf(token.page)).filter((one) => one.challenge === challenge)).toHaveLength(1);
    await beside.page.close();
  });

  test('a page that is left before the service has answered gets nothing', async () => {
    const { system } = onStage();
    const login = await arena.login();
    system.holdService();
    await arena.open(arena.html(login.challenge));
    await arena.asks();
    await arena.page.goto('about:blank');
    system.letServiceGo();
    await signedAfterwards();
    await expectNothing(login);
  });

  test('a page that is left before its signature is sent gets that one or none, and the next page none of it', async () => {
    const login = await arena.login();
    await holdAnswers(arena.tokenPage, 'signature');
    await arena.open(arena.html(login.challenge));
    await arena.asks();
    await arena.page.goto('about:blank');
    await letAnswersGo(arena.tokenPage);
    const next = await arena.play(login.challenge, {}, arena.url('/login/next'));
    expect(next).toMatch(/^(signed|unsigned: (sign-repeated|challenge-unknown))$/);
    expect(await signatures(login)).toHaveLength(1);
  });

  // Firefox cannot be told to end its background.
  if (kind === 'chromium') {
    describe('a background that is ended', () => {
      const kill = () => onStage().browser.killBackground();

      async function signsOnce(login: Waiting, said = ['signed']): Promise<void> {
        expect(said).toContain(await arena.asked());
        expect(await signatures(login)).toHaveLength(1);
        expect(await login.getsIn()).toBe(true);
      }

      test('before the service has said what waits signs once, when it is asked again', async () => {
        const { system } = onStage();
        const login = await arena.login();
        system.holdService();
        await arena.open(arena.html(login.challenge));
        await arena.asks();
        await kill();
        // An open page asks once more by itself, and signs as soon as the service answers.
        expect(await signatures(login)).toEqual([]);
        system.letServiceGo();
        await signsOnce(login);
      });

      test('before it has kept its signature signs once, when it is asked again', async () => {
        const login = await arena.login();
        const before = await arena.timesListed();
        await holdAnswers(arena.tokenPage, 'signature');
        await arena.open(arena.html(login.challenge));
        await arena.until(async () => (await arena.timesListed()) > before, 'the list');
        await kill();
        await letAnswersGo(arena.tokenPage);
        await signsOnce(login);
      });

      test('after it has kept its signature makes no other, when it is asked again', async () => {
        const { system } = onStage();
        const login = await arena.login();
        const before = await arena.timesListed();
        await holdAnswers(arena.tokenPage, 'signature');
        await arena.open(arena.html(login.challenge));
        await arena.until(async () => (await arena.timesListed()) > before, 'the list');
        system.holdService();
        await letAnswersGo(arena.tokenPage);
        await arena.until(async () => (await signatures(login)).length > 0, 'the signature');
        const kept = await signatures(login);
        await kill();
        system.letServiceGo();
        // The service has it by now, and lets it wait no more; or it has it from this time.
        await signsOnce(login, ['signed', 'unsigned: challenge-unknown']);
        expect(await signatures(login)).toEqual(kept);
      });
    });
  }

  test('a page that carries a challenge whose time is over gets nothing', async () => {
    const { system } = onStage();
    const login = await arena.login();
    await system.moveClock(system.offset() + MINUTES_TOO_LATE * 60_000);
    expect(await arena.play(login.challenge)).toBe('unsigned: challenge-unknown');
    await expectNothing(login);
  });
});
