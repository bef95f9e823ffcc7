import { expect, test, vi } from 'vitest';
import { FakeService } from '../../platform/service/fake-service.ts';

/** Events that somebody listens to. */
const heard = vi.hoisted(() => new Set<string>());

/** A browser in which everything is there, and nothing comes of it. */
const api = vi.hoisted(() => {
  const part = (path: string): object =>
    new Proxy(() => undefined, {
      get: (_target, name) => (name === 'then' ? undefined : part(`${path}.${String(name)}`)),
      apply: () => {
        if (path.endsWith('.addListener')) heard.add(path.slice(1, -'.addListener'.length));
        return Promise.resolve({});
      },
    });
  return part('');
});

vi.mock('../../../../platform/browser.ts', () => ({ browser: api }));
vi.mock('../../../../platform/native.ts', () => ({ native: api }));

await FakeService.start();
const { default: background } = await import('../../../../entrypoints/background/index.ts');

test('all listeners are there when the start returns: the browser wakes a worker for no other', () => {
  expect(heard).toEqual(new Set());
  background.main();
  expect([...heard].sort()).toEqual([
    'alarms.onAlarm',
    'commands.onCommand',
    'idle.onStateChanged',
    'notifications.onClicked',
    'permissions.onAdded',
    'runtime.onMessage',
    'runtime.onStartup',
    'storage.onChanged',
    'tabs.onRemoved',
    'tabs.onUpdated',
  ]);
});
