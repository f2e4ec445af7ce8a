/**
 * What a pull secret must hold, written down a second time and without the product's code, so that
 * the watcher judges the bytes and not only that something was written.
 */
import { createHash, randomUUID } from 'node:crypto';

export interface Login {
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

export class PullSecretModel {
  readonly #logins = new Map<string, Login>();
  readonly #ids = { installation: randomUUID(), environment: randomUUID(), target: randomUUID() };
  #turn = 0;

  /** A newer login of that registry. */
  rotate(registry: number): Login {
    this.#turn += 1;
    const address = `registry-${registry}.bench.example`;
    const turn = String(this.#turn).padStart(6, '0');
    const login = { address, username: 'robot$bench', password: `bench-password-${turn}` };
    this.#logins.set(address, login);
    return login;
  }

  content(): string {
    const entries = [...this.#logins.values()]
      .sort((a, b) => (a.address < b.address ? -1 : 1))
      .map(({ address, username, password }) => {
        const auth = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
        return [address, { username, password, auth }];
      });
    return JSON.stringify({ auths: Object.fromEntries(entries) });
  }

  /** Marks of the product's shape and size, of an installation that does not exist. */
  marks(): {
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  } {
    return {
      labels: {
        'app.kubernetes.io/managed-by': 'moorage',
        'moorage.dev/installation': this.#ids.installation,
        'moorage.dev/environment': this.#ids.environment,
      },
      annotations: {
        'moorage.dev/content-hash': createHash('sha256').update(this.content()).digest('hex'),
        'moorage.dev/target': this.#ids.target,
      },
    };
  }
}
