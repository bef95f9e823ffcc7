import { expect, test } from 'vitest';
import { confirmingOf } from '../../../../core/institution/confirming.ts';
import { institutionSchema } from '../../../../core/institution/directory.ts';
import { SENPOKU } from '../../../institutions.ts';

const read = (confirmation: unknown) => confirmingOf(institutionSchema.parse({ ...SENPOKU, confirmation }));

test('the mode alone binds no consent to an origin; an object says both', () => {
  expect(read('approve')).toEqual({ mode: 'approve', originBound: false });
  expect(read('code')).toEqual({ mode: 'code', originBound: false });
  expect(read({ mode: 'code', originBound: true })).toEqual({ mode: 'code', originBound: true });
});

test.each([{ mode: 'approve' }, { originBound: true }, { mode: 'both', originBound: true }, 'originBound'])(
  '%j says it in no way',
  (confirmation) => {
    expect(institutionSchema.safeParse({ ...SENPOKU, confirmation }).success).toBe(false);
  },
);
