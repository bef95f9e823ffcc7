import sax from 'sax';
import { TokenFileError } from './token.ts';

declare module 'sax' {
  // Missing in its types: without it the entities of HTML are taken as well.
  interface SAXOptions {
    strictEntities?: boolean;
  }
}

/** An element with all that is in it. */
export interface Element {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  /** Its own text, without that of its children. */
  text: string;
  /** Where its tag begins. */
  readonly line: number;
}

/** The parser is given so much at a time, after which its progress is looked at. */
const SLICE = 16 * 1024;
/** Most characters without an end of a tag, text or comment. */
const MOST_PIECE = 64 * 1024;
/** Most characters and elements of one child of the root, and how deep they may stand in each other. */
const MOST_OF_CHILD = 64 * 1024;
const MOST_ELEMENTS = 1_000;
const MOST_DEPTH = 32;

/**
 * Reads XML from a stream: first the root as it begins, then each of its children when it is whole, one in memory at a time.
 * Entities other than the five of XML are refused, as is a document type: nothing is expanded, nothing is fetched, and
 * everything that a parser would have to hold is bounded.
 * @throws TokenFileError
 */
export async function* childrenOfRoot(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Element, void, undefined> {
  const { parser, take } = boundedParser();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) {
    const text = decoded(() => decoder.decode(chunk, { stream: true }), parser);
    for (let at = 0; at < text.length; at += SLICE) {
      parser.write(text.slice(at, at + SLICE));
      yield* take();
    }
  }
  decoded(() => decoder.decode(), parser);
  parser.close();
  yield* take();
}

function decoded(decode: () => string, parser: sax.SAXParser): string {
  try {
    return decode();
  } catch {
    throw new TokenFileError('not-utf8', parser.line + 1);
  }
}

function boundedParser() {
  const parser = sax.parser(true, { xmlns: true, strictEntities: true, position: true });
  let whole: Element[] = [];
  let root: Element | undefined;
  /** Elements that are open, from the child of the root on. */
  const open: Element[] = [];
  let progressAt = 0;
  let startLine = 1;
  let [characters, elements, attributes] = [0, 0, 0];
  let isOver = false;

  const line = () => parser.line + 1;
  const fail = (reason: ConstructorParameters<typeof TokenFileError>[0], at = line()): never => {
    throw new TokenFileError(reason, at);
  };
  const progress = () => {
    progressAt = parser.position;
  };
  const count = (more: number) => {
    characters += more;
    if (characters > MOST_OF_CHILD) fail('too-long');
  };
  const addText = (text: string) => {
    progress();
    count(text.length);
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };

  parser.onerror = (error) => fail(/max buffer length/i.test(error.message) ? 'too-long' : 'not-xml');
  parser.ondoctype = () => fail('doctype');
  parser.onsgmldeclaration = () => fail('doctype');
  parser.onprocessinginstruction = ({ name, body }) => {
    progress();
    const [, encoding] = /encoding\s*=\s*["']([^"']*)/.exec(body) ?? [];
    if (name === 'xml' && encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) fail('not-utf8');
  };
  parser.oncomment = progress;
  parser.onopentagstart = () => {
    startLine = line();
    attributes = 0;
  };
  parser.onattribute = () => {
    attributes += 1;
  };
  parser.onopentag = (tag) => {
    progress();
    const element = elementOf(tag as sax.QualifiedTag, startLine);
    // The parser lets both pass: of two attributes of a name the later one would count.
    if (isOver || attributes > Object.keys(element.attributes).length) fail('not-xml');
    if (root === undefined) {
      root = element;
      whole.push(element);
      return;
    }
    if (open.length === 0) [characters, elements] = [0, 0];
    elements += 1;
    if (elements > MOST_ELEMENTS) fail('too-long');
    if (open.length >= MOST_DEPTH) fail('too-deep');
    count(lengthOf(element));
    open.at(-1)?.children.push(element);
    open.push(element);
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = () => {
    progress();
    const element = open.pop();
    if (element === undefined) isOver = true;
    else if (open.length === 0) whole.push(element);
  };

  return {
    parser,
    /** The elements that have become whole. */
    take: () => {
      if (parser.position - progressAt > MOST_PIECE) fail('too-long');
      const taken = whole;
      whole = [];
      return taken;
    },
  };
}

function elementOf({ uri, local, attributes }: sax.QualifiedTag, line: number): Element {
  return {
    namespace: uri,
    name: local,
    attributes: Object.fromEntries(Object.values(attributes).map(({ name, value }) => [name, value])),
    children: [],
    text: '',
    line,
  };
}

const lengthOf = ({ name, attributes }: Element) =>
  Object.entries(attributes).reduce((sum, [key, value]) => sum + key.length + value.length, name.length);
