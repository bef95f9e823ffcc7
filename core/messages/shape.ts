/**
 * Checks that a value from elsewhere has a type. Messages use these functions and no schema library, which would be half of the
 * content script, and whose explanations nobody would read. The marks let the bundler drop unused ones.
 */
export type Shape<T> = (value: unknown) => value is T;

/** The type that a shape checks for. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

/** @param most longest length, in UTF-16 units */
/* @__NO_SIDE_EFFECTS__ */
export const text =
  (most = Number.POSITIVE_INFINITY): Shape<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= most;

/** A finite number. */
export const number: Shape<number> = (value): value is number => Number.isFinite(value);

/* @__NO_SIDE_EFFECTS__ */
export const oneOf =
  <const T extends string>(...values: readonly T[]): Shape<T> =>
  (value): value is T =>
    values.some((one) => one === value);

/* @__NO_SIDE_EFFECTS__ */
export const list =
  <T>(item: Shape<T>): Shape<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(item);

/** An object with members of any name, all of one shape. */
/* @__NO_SIDE_EFFECTS__ */
export const record =
  <T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> =>
    value instanceof Object && Object.values(value).every(item);

/** A member that may be missing. */
/* @__NO_SIDE_EFFECTS__ */
export const maybe =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || shape(value);

/* @__NO_SIDE_EFFECTS__ */
export const either =
  <const S extends readonly Shape<unknown>[]>(...shapes: S): Shape<Shaped<S[number]>> =>
  (value): value is Shaped<S[number]> =>
    shapes.some((shape) => shape(value));

type Members = Readonly<Record<string, Shape<unknown>>>;

type Optional<M extends Members> = {
  [K in keyof M]: undefined extends Shaped<M[K]> ? K : never;
}[keyof M];

type ObjectOf<M extends Members> = {
  readonly [K in Exclude<keyof M, Optional<M>>]: Shaped<M[K]>;
} & { readonly [K in Optional<M>]?: Shaped<M[K]> };

/** An object with these members and no others. */
/* @__NO_SIDE_EFFECTS__ */
export const object =
  <M extends Members>(members: M): Shape<ObjectOf<M>> =>
  (value): value is ObjectOf<M> =>
    typeof value === 'object' &&
    !!value &&
    Object.keys(value).every((key) => Object.hasOwn(members, key)) &&
    Object.entries(members).every(([key, shape]) => shape(Reflect.get(value, key)));
