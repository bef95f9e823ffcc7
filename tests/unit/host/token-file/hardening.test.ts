import { expect, test } from 'vitest';
import { readTokenFile } from '../../../../host/token-file/read.ts';
import { everyToken, pskcOf, rowsOf } from './token-files.ts';

const [TOKEN] = everyToken();
const FILE = await pskcOf(TOKEN ? [TOKEN] : []);
const NAMESPACE = 'xmlns="urn:ietf:params:xml:ns:keyprov:pskc"';

test.each([
  ['a document type', '<KeyContainer', '<!DOCTYPE KeyContainer>\n<KeyContainer', 'doctype'],
  [
    'an external document type',
    '<KeyContainer',
    '<!DOCTYPE KeyContainer SYSTEM "http://127.0.0.1:1/pskc.dtd"><KeyContainer',
    'doctype',
  ],
  [
    'a billion laughs',
    '<KeyContainer',
    '<!DOCTYPE k [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><KeyContainer',
    'doctype',
  ],
  [
    'a file of the server',
    '<KeyContainer',
    '<!DOCTYPE k [<!ENTITY f SYSTEM "file:///etc/passwd">]><KeyContainer',
    'doctype',
  ],
  ['an entity', '<SerialNo>', '<SerialNo>&f;', 'not-xml'],
  ['an entity of HTML', '<SerialNo>', '<SerialNo>&nbsp;', 'not-xml'],
  ['an end that is another', '</KeyPackage>', '</KeyPackag>', 'not-xml'],
  ['no end', /<\/KeyPackage>[\s\S]*$/, '', 'not-xml'],
  ['a second root', /$/, '<KeyContainer/>', 'not-xml'],
  ['an attribute twice', 'Version="1.0"', 'Version="1.0" Version="1.0"', 'not-xml'],
  ['a prefix that stands for nothing', '<SerialNo>', '<a:b/><SerialNo>', 'not-xml'],
  ['another encoding', 'encoding="UTF-8"', 'encoding="Shift_JIS"', 'not-utf8'],
  ['another version', 'Version="1.0"', 'Version="2.0"', 'not-pskc'],
  ['another namespace', NAMESPACE, 'xmlns="urn:example"', 'not-pskc'],
  ['another root', /KeyContainer/g, 'Keys', 'not-pskc'],
  ['elements without end in each other', '<SerialNo>', '<a>'.repeat(100), 'too-deep'],
  ['elements without end beside each other', '<SerialNo>', `${'<a/>'.repeat(1_001)}<SerialNo>`, 'too-long'],
])('PSKC with %s: nothing is taken', async (_what, was, is, reason) => {
  await expect(rowsOf(FILE.replace(was, is))).rejects.toMatchObject({ name: 'TokenFileError', reason });
});

test('an attribute twice is not the later one', async () => {
  await expect(rowsOf(FILE.replace('Id="', 'Id="1" Id="'))).rejects.toMatchObject({ reason: 'not-xml' });
});

test('bytes that are not UTF-8, and UTF-16, are said to be so', async () => {
  const broken = Buffer.concat([
    Buffer.from(FILE.slice(0, 60)),
    Buffer.from([0xff]),
    Buffer.from(FILE.slice(60)),
  ]);
  await expect(rowsOf(broken)).rejects.toMatchObject({ reason: 'not-utf8' });
  await expect(rowsOf(Buffer.from(`\ufeff${FILE}`, 'utf16le'))).rejects.toMatchObject({ reason: 'not-utf8' });
});

const CHUNK = Buffer.alloc(64 * 1024, 'A');
const LINE_BYTES = 2 * 2 ** 30;

/** A file that goes on for two gigabytes without a new line. @returns how much of it was asked for */
async function readEndless(beginning: string): Promise<{ given: number; error: unknown }> {
  let given = 0;
  async function* endless() {
    yield Buffer.from(beginning);
    while (given < LINE_BYTES) {
      given += CHUNK.length;
      yield CHUNK;
    }
  }
  try {
    for await (const row of readTokenFile(endless())) expect(row).toBeUndefined();
    return { given, error: undefined };
  } catch (error) {
    return { given, error };
  }
}

test.each([
  ['text', `<KeyContainer Version="1.0" ${NAMESPACE}><KeyPackage>`],
  ['text of the root', `<KeyContainer Version="1.0" ${NAMESPACE}>`],
  ['a comment', '<!-- '],
  ['a tag', '<'],
  ['an attribute', '<KeyContainer a="'],
  ['an instruction', '<?pi '],
  ['CDATA', `<KeyContainer Version="1.0" ${NAMESPACE}><KeyPackage><![CDATA[`],
  ['CSV', 'serial,kind,key\n'],
  ['a header', 'serial,'],
  ['a quoted value', 'serial,kind,key\n"'],
])('a line of two gigabytes in %s ends with an error, and is not kept', async (_what, beginning) => {
  const { given, error } = await readEndless(beginning);
  expect(error).toMatchObject({ name: 'TokenFileError', reason: 'too-long' });
  expect(given).toBeLessThanOrEqual(4 * CHUNK.length);
});
