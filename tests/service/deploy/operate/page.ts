import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Block {
  readonly heading: string;
  readonly text: string;
}

/** The blocks of docs/OPERATE.md, to be run one after the other as they stand there. */
export class Page {
  readonly #blocks: Block[] = [];

  constructor(file: string) {
    let heading = '';
    for (const [, title, text] of readFileSync(file, 'utf8').matchAll(
      /^##+ (.*)$|^```sh\n([\s\S]*?)^```$/gm,
    )) {
      heading = title ?? heading;
      if (text !== undefined) this.#blocks.push({ heading, text });
    }
  }

  /**
   * Runs the next block, which has to stand under this heading.
   * @param change replaces what the test cannot wait for or reach
   * @returns what it printed
   */
  run(heading: string, change = (text: string) => text): string {
    return shell(change(this.take(heading)));
  }

  /** @returns the next block, which has to stand under this heading */
  take(heading: string): string {
    const block = this.#blocks.shift();
    if (block?.heading !== heading)
      throw new Error(`the next block stands under ${block?.heading}, not ${heading}`);
    return block.text;
  }

  /** Headings of the blocks that were not run. */
  get left(): readonly string[] {
    return this.#blocks.map(({ heading }) => heading);
  }
}

/** Runs commands that an operator copies, to the first that fails; an operator’s own shell goes on. @throws Error if one fails */
export function shell(text: string): string {
  console.log(text.trim());
  return execFileSync('bash', ['-euo', 'pipefail'], {
    input: text,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
