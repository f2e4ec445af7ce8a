import { describe, expect, it } from 'vitest';
import {
  type EventObject,
  gatherFailedCreations,
  readFailedCreation,
  readPolicyCounts,
} from './failed-creations.js';

const name = 'moorage-7d8f3c1e-prod';
const refusal = (image: string, policy = name) =>
  `Error creating: pods "web-" is forbidden: ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: Image ${JSON.stringify(image)} may not run here: …`;

function event(message: string, changes: Partial<EventObject> = {}): EventObject {
  return {
    metadata: { name: 'web.1', namespace: 'a', creationTimestamp: '2026-01-01T00:00:00Z' },
    involvedObject: { kind: 'ReplicaSet', name: 'web-5d4f', namespace: 'a' },
    message,
    count: 3,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:05:00Z',
    ...changes,
  };
}

describe('readFailedCreation', () => {
  it('takes workload, image, number and times of an event of this policy', () => {
    expect(readFailedCreation(event(refusal('evil.io/x:1')), name)).toMatchObject({
      namespace: 'a',
      workload: { kind: 'ReplicaSet', name: 'web-5d4f' },
      image: 'evil.io/x:1',
      count: 3,
      firstSeenAt: '2026-01-01T00:00:00.000Z',
      lastSeenAt: '2026-01-01T00:05:00.000Z',
    });
  });

  it.each([
    ['of another policy', refusal('evil.io/x', `${name}-2`)],
    ['of a policy whose name it begins with', refusal('evil.io/x', 'moorage-7d8f3c1e-pro')],
    ['of a quota', 'Error creating: pods "web-" is forbidden: exceeded quota'],
    ['without a message', ''],
  ])('leaves out an event %s', (_, message) => {
    expect(readFailedCreation(event(message), name)).toBeNull();
  });

  // Whoever may write events in a namespace, or runs the cluster, chooses every field.
  it('cuts names that no object can have, and takes no other shape for what it is', () => {
    const long = 'x'.repeat(100_000);
    const forged = readFailedCreation(
      event(refusal(`evil.io/${long}`), {
        involvedObject: { kind: long, name: long, namespace: long },
        count: Number.MAX_VALUE,
      }),
      name,
    );
    expect(JSON.stringify(forged).length).toBeLessThan(3_500);
    expect(forged?.count).toBe(1);
    const shapes = JSON.parse(
      JSON.stringify(event(refusal('evil.io/x'), { involvedObject: {} })).replace(
        '"involvedObject":{}',
        '"involvedObject":{"kind":1,"name":null,"namespace":["a"]}',
      ),
    );
    expect(readFailedCreation(shapes, name)).toMatchObject({
      namespace: '',
      workload: { kind: '', name: '' },
    });
    expect(readFailedCreation({ ...shapes, message: 7, involvedObject: null }, name)).toBeNull();
  });

  it('reads events of the newer form, which count in series', () => {
    const found = readFailedCreation(
      event(refusal('evil.io/x'), {
        count: null,
        firstTimestamp: null,
        lastTimestamp: null,
        eventTime: '2026-01-02T00:00:00.123456Z',
        series: { count: 7, lastObservedTime: '2026-01-02T01:00:00Z' },
      }),
      name,
    );
    expect(found).toMatchObject({ count: 7, firstSeenAt: '2026-01-02T00:00:00.123Z' });
    expect(found?.lastSeenAt).toBe('2026-01-02T01:00:00.000Z');
  });

  it.each([
    ['an image with quotes and line breaks', JSON.stringify('a"b\nc'), 'a"b\nc'],
    ['an escape that JSON does not know', '"a\\x00b"', 'a\\x00b'],
  ])('reads %s', (_, quoted, image) => {
    const message = refusal('x').replace('"x"', quoted);
    expect(readFailedCreation(event(message), name)?.image).toBe(image);
  });

  it('keeps a message that names no image, and cuts a long one', () => {
    const message = `ValidatingAdmissionPolicy '${name}' failed: ${'x'.repeat(5_000)}`;
    const found = readFailedCreation(event(message), name);
    expect(found?.image).toBeNull();
    expect(found?.message.length).toBe(1_000);
  });
});

describe('gatherFailedCreations', () => {
  it('makes one of the events of the same image and workload, the newest first', () => {
    const read = (message: string, changes: Partial<EventObject>) => {
      const found = readFailedCreation(event(message, changes), name);
      if (found === null) throw new Error('not read');
      return found;
    };
    const gathered = gatherFailedCreations([
      read(refusal('evil.io/x'), { firstTimestamp: '2026-01-01T00:01:00Z' }),
      read(refusal('evil.io/x'), { lastTimestamp: '2026-01-01T00:09:00Z', count: 2 }),
      read(refusal('evil.io/y'), { lastTimestamp: '2026-01-01T00:20:00Z', count: 1 }),
    ]);
    expect(gathered.map(({ image, count, lastSeenAt }) => [image, count, lastSeenAt])).toEqual([
      ['evil.io/y', 1, '2026-01-01T00:20:00.000Z'],
      ['evil.io/x', 5, '2026-01-01T00:09:00.000Z'],
    ]);
    expect(gathered[1]?.firstSeenAt).toBe('2026-01-01T00:00:00.000Z');
  });
});

describe('readPolicyCounts', () => {
  const line = (policy: string, action: string, value: string) =>
    `apiserver_validating_admission_policy_check_total{enforcement_action="${action}",error_type="no_error",policy="${policy}",policy_binding="${policy}"} ${value}`;

  it('sums refusals and warnings of this policy alone', () => {
    const text = [
      '# HELP apiserver_validating_admission_policy_check_total [BETA] …',
      line(name, 'deny', '12'),
      line(name, 'audit', '12'),
      line(name, 'warn', '3'),
      line(name, 'allow', '99'),
      line(`${name}-2`, 'deny', '5'),
      'apiserver_validating_admission_policy_check_duration_seconds_count{policy="x"} 7',
    ].join('\n');
    expect(readPolicyCounts(text, name)).toEqual({ refused: 12, warned: 3 });
  });

  it.each([
    ['large numbers', '1.2e+06', 1_200_000],
    ['a time behind the value', '4 1700000000', 4],
    ['no number', 'NaN', 0],
  ])('reads %s', (_, value, refused) => {
    expect(readPolicyCounts(line(name, 'deny', value), name)).toEqual({ refused, warned: 0 });
  });

  it('counts nothing where the server says nothing', () => {
    expect(readPolicyCounts('', name)).toEqual({ refused: 0, warned: 0 });
  });
});
