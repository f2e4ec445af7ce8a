/** The embedded Postgres on its own: what people do to a server and its files must not lose data. */
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EmbeddedPostgres,
  prepareDataDirectory,
  startEmbeddedPostgres,
} from '../src/database/embedded-postgres.js';

let directory: string;
let running: EmbeddedPostgres | undefined;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'moorage-embedded-')), 'data');
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(join(directory, '..'), { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  await prepareDataDirectory(directory);
  running = await startEmbeddedPostgres(directory);
  return running;
}

async function ask(postgres: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.connectionString.reveal() });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmaster = async () =>
  Number((await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
const port = async () =>
  JSON.parse(await readFile(join(directory, 'postgres.json'), 'utf8')).port as number;

async function waitForEnd(pid: number): Promise<void> {
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
}
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the embedded Postgres', () => {
  it('keeps its data over a restart, in files that only we can read', async () => {
    const first = await start();
    await ask(first, 'create table kept (x int); insert into kept values (1)');
    const pid = await postmaster();
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'postgres.json'))).mode & 0o777).toBe(0o600);
    const second = await start();
    expect(await ask(second, 'select * from kept')).toEqual([{ x: 1 }]);
  });

  it('takes over a postmaster that its server left behind', async () => {
    const first = await start();
    const pid = await postmaster();
    const second = await start();
    expect(await postmaster()).toBe(pid);
    expect(second.connectionString.reveal()).toBe(first.connectionString.reveal());
    await second.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('recovers after kill -9 of everything, with the lock file left', async () => {
    const first = await start();
    await ask(first, 'create table kept (x int); insert into kept values (1)');
    const pid = await postmaster();
    process.kill(pid, 'SIGKILL');
    await waitForEnd(pid);
    const second = await start();
    expect(await ask(second, 'select * from kept')).toEqual([{ x: 1 }]);
  });

  it('starts beside a lock file whose number another process has got', async () => {
    const first = await start();
    await first.stop();
    const lines = [
      String(process.pid),
      join(directory, 'postgres'),
      '0',
      String(await port()),
      '',
      '127.0.0.1',
      '',
      'ready',
    ];
    await writeFile(join(directory, 'postgres', 'postmaster.pid'), `${lines.join('\n')}\n`);
    await start();
  });

  it('moves to another port when its own is taken', async () => {
    const first = await start();
    await first.stop();
    const taken = await port();
    const blocker = await listen(taken);
    try {
      const second = await start();
      expect(await port()).not.toBe(taken);
      expect(await ask(second, 'select 1 as x')).toEqual([{ x: 1 }]);
    } finally {
      blocker.close();
    }
  });

  it('starts a first start over that was cut off before it ended', async () => {
    await prepareDataDirectory(directory);
    const first = await start();
    await first.stop();
    // as if the process had died before the settings were written and the database was ever used
    await rm(join(directory, 'postgres.json'));
    await rm(join(directory, 'postgres', 'moorage-in-use'));
    await start();
  });

  it('never deletes a database whose settings are missing', async () => {
    const first = await start();
    await first.stop();
    await rm(join(directory, 'postgres.json'));
    running = undefined;
    await expect(start()).rejects.toThrow(/postgres\.json is missing.*restore that file/);
    expect((await stat(join(directory, 'postgres', 'PG_VERSION'))).isFile()).toBe(true);
  });

  it('stays while another process of ours is connected', async () => {
    const first = await start();
    const client = new pg.Client({
      connectionString: first.connectionString.reveal(),
      application_name: 'moorage',
    });
    await client.connect();
    await first.stop();
    expect(isAlive(await postmaster())).toBe(true);
    await client.end();
  });

  it('says in one sentence that the data directory cannot be used', async () => {
    await prepareDataDirectory(directory);
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(prepareDataDirectory(join(file, 'below'))).rejects.toThrow(
      /^MOORAGE_DATA_DIR \(.*\) cannot be written: it is not a directory\.$/,
    );
  });

  it.runIf(process.getuid?.() === 0)(
    'works below a directory that is closed to the user it runs as',
    async () => {
      await chmod(join(directory, '..'), 0o700);
      const postgres = await start();
      expect(await ask(postgres, 'select 1 as x')).toEqual([{ x: 1 }]);
    },
  );
});

function listen(at: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(at, '127.0.0.1', () => resolve(server));
  });
}
