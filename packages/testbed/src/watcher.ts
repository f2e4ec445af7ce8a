/**
 * The judge of propagation: an independent reader that watches one Secret name and one service
 * account name in all namespaces and writes down when each namespace has the right bytes and the
 * reference to them, and everything that must never be seen in between.
 *
 * It shares no code with the product's client. It lists once per kind, then follows by watch, so
 * it sees every stored state in order and none twice. Times are `performance.now()`.
 */
import type { IncomingMessage } from 'node:http';
import { type ApiConnection, connectToApi } from './api-connection.js';
import { type ForbiddenObservations, Ledger, type PropagationRun } from './propagation-ledger.js';
import type { ListedObject, ObjectList } from './seen-objects.js';

export interface PropagationWatcherOptions {
  readonly url: string;
  readonly token: string;
  readonly caCertificate?: string;
  readonly secretName: string;
  /** Default `default`. Null: only the Secrets count. */
  readonly serviceAccountName?: string | null;
}

export interface PropagationWatcher {
  /** From now on these bytes are the right ones, in these namespaces. */
  begin(expected: string, namespaces: readonly string[]): PropagationRun;
  /** Bytes that may be seen without being waited for. What is there at the start is known. */
  announce(value: string): void;
  /** When this namespace was first complete for the present bytes, or undefined. */
  completedAt(namespace: string): number | undefined;
  waitForNamespace(namespace: string, timeoutMs: number): Promise<number>;
  forbidden(): ForbiddenObservations;
  resetForbidden(): void;
  stop(): void;
}

export async function watchPropagation(
  options: PropagationWatcherOptions,
): Promise<PropagationWatcher> {
  const connection = connectToApi({ ...options, connections: 1 });
  const ledger = new Ledger(options.secretName, options.serviceAccountName === null);
  const ending = new AbortController();
  const follow = (
    resource: string,
    name: string,
    see: (event: string, object: ListedObject) => void,
  ) => followObjects(connection, resource, name, ending.signal, see, (error) => ledger.fail(error));
  await follow('secrets', options.secretName, (event, object) => ledger.seeSecret(event, object));
  if (options.serviceAccountName !== null) {
    const account = options.serviceAccountName ?? 'default';
    await follow('serviceaccounts', account, (event, object) => ledger.seeAccount(event, object));
  }
  return {
    begin: (expected, namespaces) => ledger.begin(expected, namespaces),
    announce: (value) => ledger.announce(value),
    completedAt: (namespace) => ledger.completedAt(namespace),
    waitForNamespace: (namespace, timeoutMs) => ledger.waitForNamespace(namespace, timeoutMs),
    forbidden: () => ledger.forbidden(),
    resetForbidden: () => ledger.resetForbidden(),
    stop() {
      ending.abort();
      connection.close();
    },
  };
}

type See = (event: string, object: ListedObject) => void;

async function followObjects(
  connection: ApiConnection,
  resource: string,
  name: string,
  signal: AbortSignal,
  see: See,
  fail: (error: unknown) => void,
): Promise<void> {
  const path = `/api/v1/${resource}?fieldSelector=metadata.name%3D${encodeURIComponent(name)}`;
  const reply = await connection.call({ path, timeoutMs: 60_000 });
  if (reply.status !== 200)
    throw new Error(`the watcher cannot list ${resource}: ${reply.text.slice(0, 300)}`);
  const list = reply.json as ObjectList; // The reply to a successful list.
  for (const object of list.items) see('LISTED', object);
  let version = list.metadata.resourceVersion;
  const open = () => {
    const watch = `${path}&watch=1&timeoutSeconds=7200&resourceVersion=${version}`;
    return connection.open({ path: watch }, signal);
  };
  const remember: See = (event, object) => {
    version = object.metadata.resourceVersion;
    see(event, object);
  };
  // An API server without CPU time ends watches that it could not serve fast enough. Going on from
  // the last version seen misses nothing: an expired one is answered by an error event.
  const follow = async (first: IncomingMessage) => {
    for (let response = first; ; response = await open()) await readEvents(response, remember);
  };
  follow(await open()).catch((error: unknown) => {
    if (!signal.aborted) fail(error);
  });
}

async function readEvents(response: IncomingMessage, see: See): Promise<void> {
  if (response.statusCode !== 200) throw new Error(`a watch answered ${response.statusCode}`);
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      // One JSON object per line, by the API's watch protocol.
      const { type, object } = JSON.parse(line) as { type: string; object: ListedObject };
      if (type === 'ERROR') throw new Error(line.slice(0, 500));
      see(type, object);
    }
  }
}
