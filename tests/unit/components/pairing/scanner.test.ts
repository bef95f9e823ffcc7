import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Scanner } from '../../../../components/pairing/scanner.tsx';
import { draw } from '../draw.ts';

beforeAll(() => {
  const stream = { getTracks: () => [] };
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: async () => stream } });
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => ({ drawImage: () => undefined, getImageData: () => ({}) });
    },
  );
});
afterAll(() => vi.unstubAllGlobals());

test('a code is seen for the token that is chosen then, not for the one at the start', async () => {
  const { promise, resolve } = Promise.withResolvers<() => string>();
  const seen: string[] = [];
  const scannerFor = (token: string) =>
    h(Scanner, {
      loadReader: () => promise,
      onSeen: (content) => void seen.push(`${content} for ${token}`),
      onFailed: () => void seen.push('failed'),
    });
  const main = draw(null);
  await act(() => render(scannerFor('first'), main));
  await act(() => render(scannerFor('second'), main));
  const video = main.querySelector('video');
  Object.assign(video ?? {}, { play: async () => undefined, videoWidth: 640, videoHeight: 480 });
  resolve(() => 'code');
  await vi.waitFor(() => expect(seen).not.toEqual([]), 20_000);
  await act(() => render(null, main));
  expect(seen[0]).toBe('code for second');
});
