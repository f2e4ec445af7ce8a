/**
 * `npm run admin:password [-- <user name>]`: gives a user (admin, if none is named) a new password and
 * prints it. Works while the server runs and while it does not.
 */
import 'reflect-metadata';
import { AuditLog } from '../../audit/audit-log.js';
import { AuthRepository } from '../../auth/auth.repository.js';
import { LoginLimit } from '../../auth/login-limit.js';
import { PasswordHash } from '../../auth/password-hash.js';
import { SessionService } from '../../auth/session.service.js';
import { readEnv } from '../../config/env.js';
import { createLog } from '../../config/log.js';
import { runCommand } from '../../config/run-command.js';
import { Database } from '../../database/database.js';
import { openDatabase } from '../../database/open-database.js';
import { PasswordsService } from '../passwords.service.js';
import { UserAccess } from '../user-access.js';
import { UsersRepository } from '../users.repository.js';
import { FIRST_ADMIN } from '../users.service.js';

await runCommand(async () => {
  const username = process.argv[2] ?? FIRST_ADMIN;
  const opened = await openDatabase(readEnv());
  const database = new Database(
    { connectionString: opened.connectionString, maxConnections: 2 },
    createLog('error'),
  );
  try {
    const audit = new AuditLog();
    const access = new UserAccess(
      new PasswordHash(),
      new SessionService(database, new AuthRepository(database), audit),
      new LoginLimit(),
    );
    const service = new PasswordsService(database, new UsersRepository(database), access, audit);
    const password = await service.reset(username);
    return `New password of ${username}: ${password.reveal()}`;
  } finally {
    await database.onApplicationShutdown();
    await opened.stop();
  }
});
