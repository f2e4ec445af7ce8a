/** Makes what tests need, in the database itself where the API would be in the way. */
import { randomUUID } from 'node:crypto';
import { type Client, type MemberRole, type Permission, type UserRole } from '@moorage/contract';
import { SecretText } from '@moorage/core';
import { createApiKeyToken } from '../src/auth/api-key-token.js';
import { PasswordHash } from '../src/auth/password-hash.js';
import { createSessionToken, formatSessionCookie } from '../src/auth/session-cookie.js';
import { clientOf, type Harness } from './harness.js';

export const PASSWORD = 'correct horse battery staple';

export interface TestUser {
  readonly id: string;
  readonly username: string;
  readonly headers: { readonly cookie: string };
  readonly client: Client;
}

let passwordHash: Promise<string> | undefined;

/** A user with a session. Its password is `PASSWORD`. */
export async function buildUser(
  harness: Harness,
  options: { username?: string; role?: UserRole } = {},
): Promise<TestUser> {
  passwordHash ??= new PasswordHash().hash(SecretText.of(PASSWORD));
  const id = randomUUID();
  const username = options.username ?? `user-${id.slice(0, 8)}`;
  await harness.database.execute(
    'insert into users (id, username, display_name, password_hash, role) values ($1, $2, $3, $4, $5)',
    [id, username, `Display ${username}`, await passwordHash, options.role ?? 'user'],
  );
  const headers = await buildSession(harness, id);
  return { id, username, headers, client: clientOf(harness, headers) };
}

export async function buildSession(harness: Harness, userId: string): Promise<{ cookie: string }> {
  const { token, tokenHash } = createSessionToken();
  await harness.database.execute(
    `insert into sessions (id, token_hash, user_id, expires_at) values ($1, $2, $3, now() + interval '1 hour')`,
    [randomUUID(), tokenHash, userId],
  );
  return { cookie: formatSessionCookie(token, false).split(';')[0] ?? '' };
}

export function buildAdmin(harness: Harness): Promise<TestUser> {
  return buildUser(harness, { role: 'admin' });
}

export interface TestEnvironment {
  readonly id: string;
  readonly name: string;
}

export async function buildEnvironment(
  harness: Harness,
  options: { name?: string; members?: Readonly<Record<string, MemberRole>> } = {},
): Promise<TestEnvironment> {
  const id = randomUUID();
  const name = options.name ?? `env-${id.slice(0, 8)}`;
  await harness.database.execute(
    'insert into environments (id, name, display_name) values ($1, $2, $2)',
    [id, name],
  );
  for (const [userId, role] of Object.entries(options.members ?? {}))
    await buildMember(harness, id, userId, role);
  return { id, name };
}

export async function buildMember(
  harness: Harness,
  environmentId: string,
  userId: string,
  role: MemberRole,
): Promise<void> {
  await harness.database.execute(
    'insert into members (environment_id, user_id, role) values ($1, $2, $3)',
    [environmentId, userId, role],
  );
}

/** A user with that role in that environment. */
export async function buildMemberUser(
  harness: Harness,
  environment: TestEnvironment,
  role: MemberRole,
): Promise<TestUser> {
  const user = await buildUser(harness);
  await buildMember(harness, environment.id, user.id, role);
  return user;
}

export interface TestApiKey {
  readonly id: string;
  readonly token: string;
  readonly headers: { readonly authorization: string };
  readonly client: Client;
}

export async function buildApiKey(
  harness: Harness,
  ownerId: string,
  options: { permissions: readonly Permission[]; environmentId?: string; expiresAt?: Date },
): Promise<TestApiKey> {
  const id = randomUUID();
  const { token, secretHash } = createApiKeyToken(id);
  await harness.database.execute(
    'insert into api_keys (id, owner_id, name, secret_hash, permissions, environment_id, expires_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [
      id,
      ownerId,
      `key ${id.slice(0, 8)}`,
      secretHash,
      [...options.permissions],
      options.environmentId ?? null,
      options.expiresAt ?? null,
    ],
  );
  const headers = { authorization: `Bearer ${token.reveal()}` };
  return { id, token: token.reveal(), headers, client: clientOf(harness, headers) };
}

/** Everything that an environment's tests usually need: an admin, one user per role, a stranger. */
export async function buildCast(harness: Harness) {
  const environment = await buildEnvironment(harness);
  const [admin, owner, member, viewer, stranger] = await Promise.all([
    buildAdmin(harness),
    buildMemberUser(harness, environment, 'owner'),
    buildMemberUser(harness, environment, 'member'),
    buildMemberUser(harness, environment, 'viewer'),
    buildUser(harness),
  ]);
  return { environment, admin, owner, member, viewer, stranger };
}
export type Cast = Awaited<ReturnType<typeof buildCast>>;
