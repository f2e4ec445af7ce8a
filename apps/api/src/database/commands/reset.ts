/**
 * `npm run db:reset -- yes`: empties the database. The embedded one is emptied too, its files and the
 * master key stay. Refuses without `yes`: there is no way back.
 */
import pg from 'pg';
import { readEnv } from '../../config/env.js';
import { runCommand } from '../../config/run-command.js';
import { migrate, readMigrations } from '../migrations.js';
import { openDatabase } from '../open-database.js';

await runCommand(async () => {
  if (!process.argv.includes('yes'))
    throw new Error('This deletes everything in the database. Say so: npm run db:reset -- yes');
  const database = await openDatabase(readEnv());
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  try {
    await client.query('drop schema public cascade; create schema public');
  } finally {
    await client.end();
  }
  await migrate(database.connectionString, await readMigrations());
  await database.stop();
  return 'The database is empty. Restart a running server.';
});
