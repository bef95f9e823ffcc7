/** What a JSON text (RFC 8259) is made of, but for white space. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

interface Around {
  /** The member of an object or the element of an array that comes next. */
  at: PropertyKey;
  readonly isArray: boolean;
  /** Whether the next string names a member. */
  expectsName: boolean;
}

/**
 * The line a value stands on in a JSON text, counted from 1; where it is not there, that of the nearest thing around it.
 * @param text valid JSON
 * @param path names of members and numbers of elements, from the outside
 */
export function lineOf(text: string, path: readonly PropertyKey[]): number {
  const around: Around[] = [];
  let found = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const within = around.at(-1);
    if (token === '}' || token === ']') {
      around.pop();
    } else if (token === ',' && within !== undefined) {
      if (within.isArray) within.at = Number(within.at) + 1;
      else within.expectsName = true;
    } else if (token !== ':') {
      if (within?.expectsName) {
        within.at = JSON.parse(token);
        within.expectsName = false;
      }
      if (around.every(({ at }, depth) => at === path[depth])) found = index;
      if (token === '{') around.push({ at: '', isArray: false, expectsName: true });
      if (token === '[') around.push({ at: 0, isArray: true, expectsName: false });
    }
  }
  return text.slice(0, found).split('\n').length;
}
