import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareResourceVersions } from './resource-version.js';
import { VersionedItems } from './versioned-items.js';

test.each([
  ['9', '10', -1],
  ['10', '10', 0],
  ['100000000000000000001', '100000000000000000000', 1],
  ['a', 'b', null],
  ['a', 'a', 0],
  ['01', '2', null],
] as const)('resource versions %s and %s compare as %s', (a, b, order) => {
  expect(compareResourceVersions(a, b)).toBe(order);
});

interface Step {
  readonly key: string;
  readonly version: number;
  readonly isGone: boolean;
}

// Risk: a lagging or repeating server makes an old value win over a new one.
test('whatever is repeated or arrives late, the last version wins and versions only grow', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), isGone: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(1000)),
      (steps, replays) => {
        const history: Step[] = steps.map((entry, index) => ({ ...entry, version: index + 1 }));
        const reported = new Map<string, number>();
        const held = new VersionedItems<number>((key, item) => {
          if (item === undefined) return;
          expect(item).toBeGreaterThan(reported.get(key) ?? 0);
          reported.set(key, item);
        });
        const send = ({ key, version, isGone }: Step) =>
          held.apply(key, isGone ? undefined : version, String(version));
        for (const [index, entry] of history.entries()) {
          send(entry);
          // Old events again, and late replies of old writes.
          const old = history[(replays[index] ?? 0) % (index + 1)];
          if (old !== undefined) {
            // What is said to be known is never news, nor changes anything.
            const isKnown = held.isKnown(old.key, String(old.version));
            expect(send(old) && isKnown).toBe(false);
            held.absorb(old.key, old.version, String(old.version));
          }
        }
        const expected = new Map<string, number>();
        for (const { key, version, isGone } of history) {
          if (isGone) expected.delete(key);
          else expected.set(key, version);
        }
        expect(new Map(held.items)).toEqual(expected);
        expect(held.progress).toBe(String(history.length));
      },
    ),
  );
});

test('a list keeps what was absorbed after it was read, and drops what vanished before', () => {
  const changes: string[] = [];
  const held = new VersionedItems<string>((key, item) => changes.push(`${key}=${item ?? 'gone'}`));
  held.replace([{ key: 'old', item: 'o', resourceVersion: '1' }], '5');
  held.absorb('own', 'w', '12');
  held.replace([], '10');
  expect([...held.items.keys()]).toEqual(['own']);
  expect(changes).toEqual(['old=o', 'old=gone']);
});

test('opaque versions are taken as they come', () => {
  const held = new VersionedItems<string>(() => {});
  held.replace([{ key: 'k', item: 'one', resourceVersion: 'abc' }], 'abc');
  expect(held.apply('k', 'two', 'aaa')).toBe(true);
  expect(held.items.get('k')).toBe('two');
});
