import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FieldFacts,
  type PageFacts,
  recognise,
  recogniseScreen,
} from '../../../../core/autofill/recognise.ts';
import { SCREENS, type ScreenRule } from '../../../../core/autofill/screens.ts';
import { headingName, labelName, plain } from '../../../../core/autofill/text.ts';

const OTP: FieldFacts = { label: '【必須】ワンタイムパスワード（半角数字）', maxLength: 8 };

/** A page that is all a rule asks for. */
const pageOf = ({ ids, headings, labels, beside }: ScreenRule): PageFacts => ({
  idText: ids[0] === undefined ? '' : `画面ID : ${ids[0]}`,
  headings: headings.slice(0, 1),
  fields: [
    { label: labels[0] ?? '', maxLength: 8 },
    ...beside.map((field) => ({ label: field.labels[0] ?? '', maxLength: 12 })),
  ],
});

const rules = fc.constantFrom(...SCREENS);

/** What else stands on a bank's pages. */
const otherHeading = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('ご注意', 'ワンタイムパスワード', 'トップページ'))
  .filter((heading) => !SCREENS.some(({ headings }) => headings.includes(headingName(heading))));
const otherField = fc
  .record({
    label: fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('確認用パスワード', '店番', '合言葉', ''),
    ),
    maxLength: fc.integer({ min: -1, max: 40 }),
  })
  .filter(({ label }) => !SCREENS.some(({ labels }) => labels.includes(labelName(label))));
const otherId = fc
  .stringMatching(/^[A-Z][A-Z0-9]{5}$/)
  .filter((id) => !SCREENS.some(({ ids }) => ids.includes(id)));

describe('a screen of the guides', () => {
  test.each(SCREENS)('$id is recognised', (rule) => {
    const page = pageOf(rule);
    expect(recognise(page, SCREENS)).toEqual({
      kind: 'recognised',
      screen: rule.id,
      field: page.fields[0],
      ...(rule.beside[0] && { beside: page.fields.slice(1) }),
    });
  });

  test('is recognised whatever else is on the page, in any order', () => {
    fc.assert(
      fc.property(
        rules,
        fc.array(otherHeading),
        fc.array(otherField),
        fc.nat(),
        fc.nat(),
        (rule, headings, fields, headingAt, fieldAt) => {
          const page = pageOf(rule);
          const noisy = {
            idText: page.idText,
            headings: headings.toSpliced(headingAt % (headings.length + 1), 0, ...page.headings),
            fields: fields.toSpliced(fieldAt % (fields.length + 1), 0, ...page.fields),
          };
          const found = recognise(noisy, SCREENS);
          return found.kind === 'recognised' && found.screen === rule.id && found.field === page.fields[0];
        },
      ),
    );
  });
});

describe('nothing is recognised', () => {
  test('without the heading', () => {
    fc.assert(
      fc.property(rules, fc.array(otherHeading), (rule, headings) => {
        const found = recognise({ ...pageOf(rule), headings }, SCREENS);
        return found.kind === 'unrecognised' && ['heading', 'screen'].includes(found.reason);
      }),
    );
  });

  test('without a field of the right name', () => {
    fc.assert(
      fc.property(rules, fc.array(otherField), (rule, fields) => {
        const found = recognise({ ...pageOf(rule), fields }, SCREENS);
        return found.kind === 'unrecognised' && found.reason === 'field';
      }),
    );
  });

  test('with two fields of the right name', () => {
    fc.assert(
      fc.property(rules, fc.array(otherField), (rule, fields) => {
        const found = recognise(
          { ...pageOf(rule), fields: [...pageOf(rule).fields, ...fields, ...pageOf(rule).fields] },
          SCREENS,
        );
        return found.kind === 'unrecognised' && found.reason === 'several-fields';
      }),
    );
  });

  test('with another 画面ID, where the rule knows one', () => {
    fc.assert(
      fc.property(rules, otherId, (rule, id) => {
        fc.pre(rule.ids.length > 0);
        // The heading alone may tell a screen of another family: the gate decides whether the page's bank has such a one.
        const others = SCREENS.filter((one) => one === rule || one.headings[0] !== rule.headings[0]);
        const found = recognise({ ...pageOf(rule), idText: `画面ID : ${id}` }, others);
        return found.kind === 'unrecognised' && found.reason === 'screen';
      }),
    );
  });

  test('with the 画面ID of one rule and the heading of another', () => {
    fc.assert(
      fc.property(rules, rules, (one, other) => {
        fc.pre(one.ids.length > 0 && !one.headings.some((heading) => other.headings.includes(heading)));
        const found = recognise({ ...pageOf(other), idText: pageOf(one).idText }, SCREENS);
        return found.kind === 'unrecognised' && found.reason === 'heading';
      }),
    );
  });

  test('with a 画面ID alone, or two different ones', () => {
    const rule = SCREENS[0] as ScreenRule;
    const page = pageOf(rule);
    expect(recognise({ ...page, headings: [] }, SCREENS)).toEqual({
      kind: 'unrecognised',
      reason: 'heading',
    });
    expect(recognise({ ...page, idText: '' }, SCREENS)).toEqual({
      kind: 'unrecognised',
      reason: 'screen',
    });
    const two = { ...page, idText: `${page.idText} 画面ID : BOP001` };
    expect(recognise(two, SCREENS).kind).toBe('unrecognised');
    const twice = { ...page, idText: `${page.idText} ${page.idText}` };
    expect(recognise(twice, SCREENS).kind).toBe('recognised');
  });

  test('by chance', () => {
    const anyField = fc.record({ label: fc.string({ unit: 'grapheme' }), maxLength: fc.integer() });
    const anyPage = fc.record({
      idText: fc.string({ unit: 'grapheme' }),
      headings: fc.array(fc.string({ unit: 'grapheme' })),
      fields: fc.array(anyField),
    });
    fc.assert(fc.property(anyPage, (page) => recognise(page, SCREENS).kind === 'unrecognised'));
  });
});

describe('画面ID', () => {
  const rule = SCREENS[0] as ScreenRule;

  test.each([
    '画面ID : BLI023',
    '画面ID：BLI023',
    '画面ＩＤ：ＢＬＩ０２３',
    '画面 ID BLI023',
    '画面ID\n:\n BLI023 次の項目',
    'ヘルプ 画面ID : BLI023。',
    '【画面ID】BLI023',
    '［画面ＩＤ］ BLI023',
    '画面ID（BLI023）',
    '「画面ID」 : BLI023',
    '〔画面ID〕BLI023',
    '《画面ID》BLI023',
    '〈画面ID〉BLI023',
    '画面ID『BLI023』',
    '画面ID＝BLI023',
    '画面ID - BLI023',
    '画面ID－BLI023',
    '画面ID―BLI023',
    '画面ID・BLI023',
    '画面ID／BLI023',
    '画面ID→BLI023',
    '画面ID｜BLI023',
  ])('is read from %j', (idText) => {
    expect(recognise({ ...pageOf(rule), idText }, SCREENS).kind).toBe('recognised');
  });

  test.each([
    'BLI023',
    '画面名 : BLI023',
    '画面ID : BLI0231',
    '画面ID : XBLI023',
    '画面ID : BLI02',
    '画面ID : bli023',
    '画面ID、BLI023',
    '画面ID－XBLI023',
    '画面ID→BLI0231',
    '画面ID : BLI023a',
  ])('is not read from %j', (idText) => {
    expect(recognise({ ...pageOf(rule), idText }, SCREENS).kind).toBe('unrecognised');
  });
});

describe('the field', () => {
  const rule = SCREENS[0] as ScreenRule;

  test.each([-1, 6, 8, 100])('of maxlength %i is one for a code', (maxLength) => {
    const fields = [{ ...OTP, maxLength }];
    expect(recognise({ ...pageOf(rule), fields }, SCREENS)).toMatchObject({ field: { maxLength } });
  });

  test.each([0, 1, 4, 5])('of maxlength %i is not', (maxLength) => {
    const fields = [{ ...OTP, maxLength }];
    expect(recognise({ ...pageOf(rule), fields }, SCREENS)).toEqual({
      kind: 'unrecognised',
      reason: 'field',
    });
  });

  test.each([6, 8])('of %i boxes is one for a code', (boxes) => {
    const fields = [{ ...OTP, maxLength: boxes, boxes }];
    expect(recognise({ ...pageOf(rule), fields }, SCREENS)).toMatchObject({ field: { boxes } });
  });

  test.each([0, 1, 2, 5, 7, 9, 10])('of %i boxes is not', (boxes) => {
    const fields = [{ ...OTP, maxLength: boxes, boxes }];
    expect(recognise({ ...pageOf(rule), fields }, SCREENS)).toEqual({
      kind: 'unrecognised',
      reason: 'field',
    });
  });

  test('six boxes of one digit, each by itself, are none', () => {
    const fields = Array.from({ length: 6 }, () => ({ ...OTP, maxLength: 1 }));
    expect(recognise({ ...pageOf(rule), fields }, SCREENS)).toEqual({
      kind: 'unrecognised',
      reason: 'field',
    });
  });
});

describe('what was refused', () => {
  const page = pageOf(SCREENS[0] as ScreenRule);

  test('is named with the part it was looked for', () => {
    const failed = { screen: 'clipped', heading: 'faded', field: 'covered' } as const;
    expect(recognise({ ...page, idText: '', failed }, SCREENS)).toMatchObject({
      reason: 'screen',
      check: 'clipped',
    });
    expect(recognise({ ...page, headings: [], failed }, SCREENS)).toMatchObject({
      reason: 'heading',
      check: 'faded',
    });
    expect(recognise({ ...page, fields: [], failed }, SCREENS)).toMatchObject({
      reason: 'field',
      check: 'covered',
    });
  });

  test('is not named where another thing was found in its place', () => {
    const failed = { screen: 'clipped', heading: 'faded', field: 'covered' } as const;
    expect(recognise({ ...page, failed }, SCREENS).kind).toBe('recognised');
  });
});

describe('codes of different kinds', () => {
  const login = SCREENS.find(({ id }) => id === 'BLI023') as ScreenRule;
  const transfer = SCREENS.find(({ id }) => id === 'BFT003') as ScreenRule;

  test.each([
    ['a one-time password', transfer, pageOf(login).fields],
    ['a confirmation code', login, pageOf(transfer).fields],
  ])('W3: the field for %s is none of the other screen', (_what, rule, fields) => {
    const found = recognise({ ...pageOf(rule), fields }, SCREENS);
    expect(found).toEqual({ kind: 'unrecognised', reason: 'field' });
  });

  test('W3: of both fields on one page, the screen’s own is found', () => {
    const fields = [...pageOf(login).fields, ...pageOf(transfer).fields];
    for (const rule of [login, transfer]) {
      expect(recognise({ ...pageOf(rule), fields }, SCREENS)).toMatchObject({
        field: { label: rule.labels[0] },
      });
    }
  });

  test.each(['BFT003', 'SFT003'])('the transfer screen %s is known before its field is there', (id) => {
    const rule = SCREENS.find((one) => one.id === id) as ScreenRule;
    expect(recogniseScreen({ ...pageOf(rule) }, SCREENS)).toBe(rule);
  });
});

describe('the rules', () => {
  test('are written as plain() leaves texts, and no two share a 画面ID, or a heading where both have none or one', () => {
    for (const { headings, labels } of SCREENS) {
      for (const text of [...headings, ...labels]) expect(plain(text)).toBe(text);
      for (const label of labels) expect(labelName(label)).toBe(label);
    }
    const ids = SCREENS.flatMap(({ ids }) => ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const alike of [SCREENS.filter((rule) => rule.ids[0]), SCREENS.filter((rule) => !rule.ids[0])]) {
      const headings = alike.flatMap(({ headings }) => headings);
      expect(new Set(headings).size).toBe(headings.length);
    }
  });
});
