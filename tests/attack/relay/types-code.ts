import type { Bank } from '../../e2e/pages/bank.ts';
import type { Token } from '../../e2e/pages/token.ts';

/** The customer reads the code off the token, and types it where they are. @returns the code */
export async function typesCode(shown: Bank, token: Token): Promise<string> {
  await token.page.bringToFront();
  const code = await token.code();
  await shown.page.bringToFront();
  await shown.typeCode(code);
  await shown.enterCode();
  return code;
}
