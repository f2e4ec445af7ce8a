import { connect } from 'node:net';
import { ChangeEvent, endpoints } from '@moorage/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeFeed } from '../src/events/change-feed.js';
import type { CommittedChange } from '../src/events/committed-change.js';
import { Outbox } from '../src/events/outbox.js';
import { type EventReader, openEvents } from './event-reader.js';
import { buildCast, buildEnvironment, buildUser, type Cast, type TestUser } from './factories.js';
import { type Harness, problemOf, startHarness } from './harness.js';

let harness: Harness;
let cast: Cast;
beforeAll(async () => {
  harness = await startHarness();
  cast = await buildCast(harness);
});
afterAll(() => harness.close());

function open(
  user: Pick<TestUser, 'headers'>,
  options: { topics?: string; lastEventId?: string } = {},
): Promise<EventReader> {
  const query = options.topics === undefined ? '' : `?topics=${options.topics}`;
  const resume = options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId };
  return openEvents(`${harness.origin}/api/v1/events${query}`, { ...user.headers, ...resume });
}
const changes = (reader: EventReader) =>
  reader.frames
    .filter((frame) => frame.event === 'message')
    .map((frame) => ChangeEvent.strict().parse(JSON.parse(frame.data)));
const ready = (reader: EventReader) => expect.poll(() => reader.frames.length).toBeGreaterThan(0);

function change(environmentId: string, id: string, topic: 'registries' | 'members' = 'registries') {
  return harness.database.transaction((tx) =>
    harness.app.get(Outbox).publish(tx, { topic, kind: 'updated', id, environmentId, version: 2 }),
  );
}
const newId = () => crypto.randomUUID();

describe('200', () => {
  it('sends a change to those who may see it and to nobody else', async () => {
    const other = await buildEnvironment(harness);
    const [viewer, stranger, admin] = await Promise.all([
      open(cast.viewer),
      open(cast.stranger),
      open(cast.admin),
    ]);
    await Promise.all([ready(viewer), ready(stranger), ready(admin)]);
    const [mine, theirs] = [newId(), newId()];
    await change(other.id, theirs);
    await change(cast.environment.id, mine);
    await expect.poll(() => changes(admin).map((event) => event.id)).toEqual([theirs, mine]);
    await expect.poll(() => changes(viewer).map((event) => event.id)).toEqual([mine]);
    expect(changes(stranger)).toEqual([]);
    for (const reader of [viewer, stranger, admin]) reader.close();
  });

  it('sends only the topics that were asked for', async () => {
    const reader = await open(cast.viewer, { topics: 'members,targets' });
    await ready(reader);
    const id = newId();
    await change(cast.environment.id, newId(), 'registries');
    await change(cast.environment.id, id, 'members');
    await expect.poll(() => changes(reader).map((event) => event.id)).toEqual([id]);
    reader.close();
  });

  it('resumes after the last event that was seen, without a gap or a repetition', async () => {
    const first = await open(cast.viewer);
    await ready(first);
    const ids = [newId(), newId(), newId()];
    await change(cast.environment.id, ids[0] ?? '');
    await expect.poll(() => changes(first)).toHaveLength(1);
    const lastEventId = first.frames.at(-1)?.id ?? '';
    first.close();
    await change(cast.environment.id, ids[1] ?? '');
    const second = await open(cast.viewer, { lastEventId });
    await change(cast.environment.id, ids[2] ?? '');
    await expect.poll(() => changes(second).map((event) => event.id)).toEqual(ids.slice(1));
    second.close();
  });

  // Each look asks the database twice; a reader can come back as often as it likes.
  it('looks once more at what may be seen after many changes of it, not once per change', async () => {
    const first = await open(cast.viewer);
    await ready(first);
    const lastEventId = first.frames.at(-1)?.id ?? '';
    first.close();
    for (let n = 0; n < 100; n += 1) await change(cast.environment.id, newId(), 'members');
    const second = await open(cast.viewer, { lastEventId });
    await expect.poll(() => changes(second)).toHaveLength(100);
    await expect.poll(() => second.comments()).toBeGreaterThan(0);
    expect(second.comments()).toBeLessThan(20);
    second.close();
  });

  it('says "reset" when it no longer knows what was missed', async () => {
    for (const lastEventId of ['999999999', 'nonsense', '-1']) {
      const reader = await open(cast.viewer, { lastEventId });
      await expect.poll(() => reader.frames[0]?.event).toBe('reset');
      reader.close();
    }
  });

  it('ends when the user is disabled, and hears nothing of an environment after leaving it', async () => {
    const environment = await buildEnvironment(harness, {
      members: { [cast.stranger.id]: 'viewer' },
    });
    const reader = await open(cast.stranger);
    await ready(reader);
    await cast.admin.client(endpoints.deleteMember, {
      env: environment.id,
      userId: cast.stranger.id,
    });
    await expect.poll(() => reader.comments()).toBeGreaterThan(0); // looked again at what may be seen
    const before = changes(reader).length;
    await change(environment.id, newId());
    const marker = await open(cast.admin);
    await cast.admin.client(endpoints.updateUser, {
      userId: cast.stranger.id,
      body: { state: 'disabled' },
    });
    await reader.ended;
    expect(changes(reader)).toHaveLength(before);
    marker.close();
  });
});

describe('order of changes', () => {
  it('delivers every committed change once, also when an older transaction commits last', async () => {
    const seen: CommittedChange[] = [];
    const stop = harness.app.get(ChangeFeed).onChange((each) => seen.push(each));
    const [slow, fast] = [newId(), newId()];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let started: () => void = () => undefined;
    const inserted = new Promise<void>((resolve) => {
      started = resolve;
    });
    const publish = harness.app.get(Outbox);
    const slowTransaction = harness.database.transaction(async (tx) => {
      await publish.publish(tx, { topic: 'registries', kind: 'updated', id: slow });
      started();
      await held;
    });
    await inserted;
    await harness.database.transaction((tx) =>
      publish.publish(tx, { topic: 'registries', kind: 'updated', id: fast }),
    );
    release();
    await slowTransaction;
    await expect
      .poll(() => seen.map((each) => each.objectId).filter((id) => id === slow || id === fast))
      .toEqual([slow, fast]);
    stop();
  });
});

describe('400, 401, 429', () => {
  it('refuses an unknown topic, and nobody without a session', async () => {
    expect(
      (
        await problemOf(
          cast.viewer.client(endpoints.streamEvents, { query: { topics: 'passwords' } }),
        )
      ).code,
    ).toBe('request.invalid');
    expect((await open({ headers: { cookie: '' } })).status).toBe(401);
  });

  it('bounds the streams of one user', async () => {
    const readers = await Promise.all(Array.from({ length: 16 }, () => open(cast.member)));
    await Promise.all(readers.map(ready));
    expect((await open(cast.member)).status).toBe(429);
    for (const reader of readers) reader.close();
    await expect.poll(async () => await problemOrNull(cast.member)).toBe(200);
  });

  it('bounds them also when they are all opened at once', async () => {
    const user = await buildUser(harness);
    const readers = await Promise.all(Array.from({ length: 30 }, () => open(user)));
    expect(readers.filter(({ status }) => status === 200)).toHaveLength(16);
    for (const reader of readers) reader.close();
  });

  it('forgets streams whose reader left while they were being opened', async () => {
    const user = await buildUser(harness);
    for (let n = 0; n < 20; n += 1) await leaveAtOnce(user);
    const openAll = async () => {
      const readers = await Promise.all(Array.from({ length: 16 }, () => open(user)));
      for (const reader of readers) reader.close();
      return readers.every(({ status }) => status === 200);
    };
    await expect.poll(openAll, { timeout: 10_000, interval: 200 }).toBe(true);
  });
});

/** Sends the request and is gone before the answer. */
async function leaveAtOnce({ headers }: TestUser): Promise<void> {
  const { hostname, port } = new URL(harness.origin);
  const socket = connect({ host: hostname, port: Number(port) });
  const request = `GET /api/v1/events HTTP/1.1\r\nHost: ${hostname}\r\nCookie: ${headers.cookie}\r\n\r\n`;
  await new Promise<void>((resolve) => socket.write(request, () => resolve()));
  socket.destroy();
}

async function problemOrNull(user: TestUser): Promise<number> {
  const reader = await open(user);
  reader.close();
  return reader.status;
}
