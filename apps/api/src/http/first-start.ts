/** What a start makes sure of once the application stands: an administrator and an environment. */
import type { SecretText } from '@moorage/core';
import type { INestApplicationContext } from '@nestjs/common';
import type { Env } from '../config/env.js';
import { DemoService } from '../demo/demo.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { generatePassword } from '../users/passwords.service.js';
import { UsersService } from '../users/users.service.js';

export interface FirstStart {
  /** set when a password was generated now: to be printed once */
  readonly generatedPassword: SecretText | undefined;
}

export async function ensureBasics(app: INestApplicationContext, env: Env): Promise<FirstStart> {
  const password = env.adminPassword ?? generatePassword();
  const created = await app.get(UsersService).createFirstAdmin(password);
  await app.get(EnvironmentsService).ensureDefault();
  if (env.demo) await app.get(DemoService).start();
  return { generatedPassword: created && env.adminPassword === undefined ? password : undefined };
}
