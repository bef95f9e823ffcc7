import { h } from 'preact';
import { expect, test } from 'vitest';
import { useShown } from '../../../components/shown.ts';
import { draw } from './draw.ts';

test('a model that works before the first drawing stops where nothing of it is drawn, and goes on where it is', () => {
  const told: string[] = [];
  const model = { show: () => void told.push('show'), hide: () => void told.push('hide') };
  const Screen = ({ active }: { active: boolean }) => {
    useShown(model, active);
    return null;
  };
  draw(h(Screen, { active: false }));
  expect(told).toEqual(['hide']);
  draw(h(Screen, { active: true }));
  expect(told).toEqual(['hide', 'show']);
});
