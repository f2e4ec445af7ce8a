/**
 * The way to the API server from inside the cluster: address from the environment, authority and
 * token from the account's folder. The kubelet replaces the token before it expires, so the file is
 * looked at again and again and the client made anew when it has changed.
 *
 * Source: Kubernetes documentation, "Accessing the API from within a Pod".
 *
 * Does not handle: kubeconfig files.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretText } from '@moorage/core';
import { type ClusterAccess, KubeClient } from '@moorage/kube';

export interface ApiPlace {
  readonly host: string;
  readonly port: number;
  readonly accountDirectory: string;
  readonly userAgent: string;
}

export class ApiConnection {
  #client: KubeClient;
  #token: string;

  private constructor(
    private readonly place: ApiPlace,
    token: string,
    caCertificate: string,
  ) {
    this.#token = token;
    this.#client = connect(place, token, caCertificate);
  }

  static async open(place: ApiPlace): Promise<ApiConnection> {
    const { token, ca } = await readAccount(place);
    return new ApiConnection(place, token, ca);
  }

  /** Ask anew for each call. */
  get client(): KubeClient {
    return this.#client;
  }

  /** True when the account's token had changed and there is a new client. */
  async refresh(): Promise<boolean> {
    const { token, ca } = await readAccount(this.place);
    if (token === this.#token) return false;
    const old = this.#client;
    this.#token = token;
    this.#client = connect(this.place, token, ca);
    await old.close();
    return true;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

async function readAccount({ accountDirectory }: ApiPlace): Promise<{ token: string; ca: string }> {
  const read = (name: string) => readFile(join(accountDirectory, name), 'utf8');
  const [token, ca] = await Promise.all([read('token'), read('ca.crt')]);
  return { token: token.trim(), ca };
}

function connect({ host, port, userAgent }: ApiPlace, token: string, ca: string): KubeClient {
  const access: ClusterAccess = {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    caCertificate: ca,
    tlsServerName: null,
    insecureSkipVerify: false,
    auth: { kind: 'token', token: SecretText.of(token) },
  };
  // The address is the cluster's own, given by the kubelet: nothing that a stranger could choose.
  return new KubeClient(access, { userAgent, dialPolicy: null, maxInFlight: 4 });
}
