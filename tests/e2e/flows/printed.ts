import type { Token } from '../pages/token.ts';

/** The page as printed from a dark screen: number of A4 sheets, colours of its text, buttons. Only Chromium prints. */
export async function printedFromDark({ page }: Token) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const sheets =
    Buffer.from(pdf)
      .toString('latin1')
      .match(/\/Type\s*\/Page\b/g) ?? [];
  await page.emulateMediaType('print');
  const seen = await page.evaluate(() => {
    const visible = [...document.querySelectorAll<HTMLElement>('body *')].filter((one) =>
      one.checkVisibility(),
    );
    const worded = visible.filter((one) => [...one.childNodes].some(({ nodeType }) => nodeType === 3));
    return {
      colours: [...new Set(worded.map((one) => getComputedStyle(one).color))],
      grounds: [...new Set(visible.map((one) => getComputedStyle(one).backgroundColor))].sort(),
      buttons: visible.filter(({ localName }) => localName === 'button').length,
    };
  });
  await page.emulateMediaType(undefined);
  await page.emulateMediaFeatures([]);
  return { sheets: sheets.length, ...seen };
}
