/** `npm run demo:reset`: removes the demo; the next start of the server makes it anew. Stop the server first. */
import pg from 'pg';
import { readEnv } from '../../config/env.js';
import { runCommand } from '../../config/run-command.js';
import { openDatabase } from '../../database/open-database.js';

// Simulated clusters live in the server's memory: with it stopped there is nothing to clean in them.
const STATEMENTS = [
  'delete from targets where cluster_id in (select id from clusters where simulated) or environment_id in (select id from environments where simulated)',
  'delete from clusters where simulated',
  'delete from environments where simulated',
  'update installation set demo_seeded = false',
];

await runCommand(async () => {
  const opened = await openDatabase(readEnv());
  const client = new pg.Client({ connectionString: opened.connectionString });
  await client.connect();
  try {
    await client.query(`begin; ${STATEMENTS.join('; ')}; commit`);
  } finally {
    await client.end();
    await opened.stop();
  }
  return 'The demo is removed. Start the server: it makes a new one.';
});
