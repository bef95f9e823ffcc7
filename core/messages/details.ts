import type { Details } from '../transaction/details.ts';
import { COMMON_FIELDS, type Field, TRANSACTIONS } from '../transaction/types.ts';
import { either, number, object, oneOf, type Shape, text } from './shape.ts';

/** Reads the details in a message for drawing. The background has checked them before. */
export const detailsShape: Shape<Details> = (value): value is Details => ofSomeType(value);

const shapesOf = (fields: Readonly<Record<string, Field>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, shapeOf(field)]));

function shapeOf(field: Field): Shape<unknown> {
  switch (field.kind) {
    case 'coded-name':
      return object({ code: text(), name: text() });
    case 'choice':
      return oneOf(...Object.keys(field.of));
    case 'yen':
      return number;
    default:
      return text();
  }
}

const ofSomeType = object({
  ...shapesOf(COMMON_FIELDS),
  transaction: either(
    ...Object.entries(TRANSACTIONS).map(([type, { fields }]) =>
      object({ type: oneOf(type), ...shapesOf(fields) }),
    ),
  ),
});
