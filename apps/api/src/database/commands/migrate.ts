/** `npm run db:migrate`: brings the database to this version's schema and stops. */
import { readEnv } from '../../config/env.js';
import { runCommand } from '../../config/run-command.js';
import { openDatabase } from '../open-database.js';

await runCommand(async () => {
  const database = await openDatabase(readEnv());
  await database.stop();
  const { appliedMigrations } = database;
  return appliedMigrations.length === 0
    ? 'The database is up to date.'
    : `Applied: ${appliedMigrations.join(', ')}.`;
});
