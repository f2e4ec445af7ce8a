/**
 * Who may do what in a simulated registry: HTTP Basic, or Bearer tokens as distribution's token
 * specification describes them (challenge with realm, service and scope; token endpoint; opaque
 * tokens with an end).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';

export interface RegistryUser {
  readonly username: string;
  readonly password: string;
  /** Repository prefixes; absent: all. */
  readonly repositories?: readonly string[];
}

export type RegistryAuthentication = 'none' | 'basic' | 'bearer';

/** A repository's name, or null for the catalog and the ping. */
export type WantedRepository = string | null;

export type AccessDecision =
  | { readonly decision: 'granted' }
  | { readonly decision: 'challenge'; readonly header: string }
  | { readonly decision: 'denied' };

export interface TokenReply {
  readonly token: string;
  readonly access_token: string;
  readonly expires_in: number;
  readonly issued_at: string;
}

interface IssuedToken {
  readonly user: RegistryUser;
  readonly repositories: readonly string[];
  readonly isCatalogAllowed: boolean;
  readonly endsAt: number;
}

export const simulatedService = 'simulated-registry';

export class RegistryAccess {
  readonly #tokens = new Map<string, IssuedToken>();
  #users: readonly RegistryUser[];

  constructor(
    readonly kind: RegistryAuthentication,
    users: readonly RegistryUser[],
    readonly tokenSeconds: number,
  ) {
    this.#users = users;
  }

  /** Tokens that were issued to earlier users stay valid until they end, as in a real registry. */
  setUsers(users: readonly RegistryUser[]): void {
    this.#users = users;
  }

  decide(
    authorization: string | undefined,
    wanted: WantedRepository,
    isCatalog: boolean,
    realm: string,
  ): AccessDecision {
    if (this.kind === 'none') return { decision: 'granted' };
    if (this.kind === 'basic') return this.#decideBasic(authorization, wanted);
    return this.#decideBearer(authorization, wanted, isCatalog, realm);
  }

  /** The token endpoint: undefined for a wrong or missing login. */
  issue(authorization: string | undefined, scopes: readonly string[]): TokenReply | undefined {
    const user = this.#userOf(authorization);
    if (user === undefined) return undefined;
    const repositories = scopes.flatMap((scope) => {
      const [type, name = '', actions = ''] = scope.split(':');
      const isGranted =
        type === 'repository' && actions.split(',').includes('pull') && maySee(user, name);
      return isGranted ? [name] : [];
    });
    const token = randomBytes(24).toString('hex');
    const isCatalogAllowed =
      scopes.includes('registry:catalog:*') && user.repositories === undefined;
    this.#tokens.set(token, {
      user,
      repositories,
      isCatalogAllowed,
      endsAt: Date.now() + this.tokenSeconds * 1_000,
    });
    return {
      token,
      access_token: token,
      expires_in: this.tokenSeconds,
      issued_at: new Date().toISOString(),
    };
  }

  #decideBasic(authorization: string | undefined, wanted: WantedRepository): AccessDecision {
    const user = this.#userOf(authorization);
    if (user === undefined)
      return { decision: 'challenge', header: 'Basic realm="Simulated registry"' };
    return wanted === null || maySee(user, wanted)
      ? { decision: 'granted' }
      : { decision: 'denied' };
  }

  #decideBearer(
    authorization: string | undefined,
    wanted: WantedRepository,
    isCatalog: boolean,
    realm: string,
  ): AccessDecision {
    const scope =
      wanted === null ? (isCatalog ? 'registry:catalog:*' : '') : `repository:${wanted}:pull`;
    const scopePart = scope === '' ? '' : `,scope="${scope}"`;
    const challenge = (error: string): AccessDecision => ({
      decision: 'challenge',
      header: `Bearer realm="${realm}",service="${simulatedService}"${scopePart}${error}`,
    });
    const token = this.#tokens.get(/^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '');
    if (token === undefined) return challenge('');
    if (token.endsAt <= Date.now()) return challenge(',error="invalid_token"');
    const isGranted =
      wanted === null ? !isCatalog || token.isCatalogAllowed : token.repositories.includes(wanted);
    return isGranted ? { decision: 'granted' } : challenge(',error="insufficient_scope"');
  }

  #userOf(authorization: string | undefined): RegistryUser | undefined {
    const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
    if (encoded === undefined) return undefined;
    const text = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon === -1) return undefined;
    const [username, password] = [text.slice(0, colon), text.slice(colon + 1)];
    return this.#users.find(
      (user) => user.username === username && isEqual(user.password, password),
    );
  }
}

function maySee(user: RegistryUser, repository: string): boolean {
  return (
    user.repositories === undefined ||
    user.repositories.some((prefix) => repository.startsWith(prefix))
  );
}

function isEqual(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
