/**
 * Whether a value from elsewhere has a type. Messages are checked with these instead of a schema library: it would be
 * half of the content script, and nobody reads its explanations. They are marked for the bundler: a script carries those alone that it uses.
 */
export type Shape<T> = (value: unknown) => value is T;

/** The type a shape is of. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

/** @param most the longest it may be, in UTF-16 units */
/* @__NO_SIDE_EFFECTS__ */
export const text =
  (most = Number.POSITIVE_INFINITY): Shape<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= most;

/** No NaN and no infinity. */
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

/** Members of any name, all of one shape. */
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

/** These members and no others. */
/* @__NO_SIDE_EFFECTS__ */
export const object =
  <M extends Members>(members: M): Shape<ObjectOf<M>> =>
  (value): value is ObjectOf<M> =>
    typeof value === 'object' &&
    !!value &&
    Object.keys(value).every((key) => Object.hasOwn(members, key)) &&
    Object.entries(members).every(([key, shape]) => shape(Reflect.get(value, key)));
