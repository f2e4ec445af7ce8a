/** `npm run demo:reset`: removes the demo; the next start of the server makes it anew. Stop the server first. */
import 'reflect-metadata';
import { readEnv } from '../../config/env.js';
import { createLog } from '../../config/log.js';
import { runCommand } from '../../config/run-command.js';
import { Database } from '../../database/database.js';
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
  const database = new Database(
    { connectionString: opened.connectionString, maxConnections: 1 },
    createLog('error'),
  );
  try {
    await database.transaction(async (tx) => {
      for (const statement of STATEMENTS) await tx.execute(statement);
    });
  } finally {
    await database.onApplicationShutdown();
    await opened.stop();
  }
  return 'The demo is removed. Start the server: it makes a new one.';
});
