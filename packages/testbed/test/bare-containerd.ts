/**
 * A containerd alone, without a kubelet, in mount and process namespaces of its own: names
 * resolve by a hosts file of the test, and images are pulled through CRI, the way kubelets do it.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type Program, startProgram, waitUntilReady } from '../src/child-process.js';

export interface BareContainerdOptions {
  readonly directory: string;
  /** Debian's, if none is named. */
  readonly program?: string;
  readonly hostsFile: string;
  /** What stands in for the machine's own certificate authorities. */
  readonly systemCaFile: string;
}

export interface PullLogin {
  readonly username: string;
  readonly password: string;
}

export interface BareContainerd {
  readonly certsDirectory: string;
  /** Replaces every `hosts.toml`, by directory name; read at each pull. */
  configureHosts(hosts: Readonly<Record<string, string>>): void;
  /** Starts containerd again with these tables in its config.toml (version 2). */
  restart(stanzas: string): Promise<void>;
  /** Null when the image was pulled, else containerd's error. */
  pull(image: string, login: PullLogin | null): Promise<string | null>;
  stop(): Promise<void>;
}

export function createBareContainerd(options: BareContainerdOptions): BareContainerd {
  const certsDirectory = join(options.directory, 'certs.d');
  mkdirSync(join(options.directory, 'cni'), { recursive: true });
  mkdirSync(certsDirectory);
  writeFileSync(join(options.directory, 'hosts'), options.hostsFile);
  let program: Program | undefined;
  let session: ClientHttp2Session | undefined;
  const stop = async () => {
    session?.destroy();
    await program?.kill();
  };
  return {
    certsDirectory,
    configureHosts(hosts) {
      rmSync(certsDirectory, { recursive: true, force: true });
      mkdirSync(certsDirectory);
      for (const [name, text] of Object.entries(hosts)) {
        mkdirSync(join(certsDirectory, name));
        writeFileSync(join(certsDirectory, name, 'hosts.toml'), text);
      }
    },
    async restart(stanzas) {
      await stop();
      const socket = join(options.directory, 'containerd.sock');
      rmSync(socket, { force: true });
      program = launch(options, configuration(options.directory, certsDirectory, stanzas));
      await waitUntilReady(program, () => isReady(socket), { timeoutMs: 30_000 });
      session = openSession(socket);
    },
    async pull(image, login) {
      if (session === undefined) throw new Error('containerd is not started');
      return pullImage(session, image, login);
    },
    stop,
  };
}

function launch(options: BareContainerdOptions, config: string): Program {
  const { directory, systemCaFile, program = 'containerd' } = options;
  writeFileSync(join(directory, 'containerd.toml'), config);
  const script = join(directory, 'start.sh');
  const lines = [
    '#!/bin/sh',
    'set -e',
    'mount --make-rprivate /',
    `mount --bind ${directory}/hosts /etc/hosts`,
    'mkdir -p /run/containerd',
    'mount -t tmpfs tmpfs /run/containerd',
    `exec ${program} --config ${directory}/containerd.toml`,
  ];
  writeFileSync(script, `${lines.join('\n')}\n`, { mode: 0o700 });
  return startProgram({
    name: 'containerd',
    command: 'unshare',
    args: ['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc', script],
    logFile: join(directory, 'containerd.log'),
    environment: { SSL_CERT_FILE: systemCaFile, SSL_CERT_DIR: '/nonexistent' },
  });
}

function configuration(directory: string, certsDirectory: string, stanzas: string): string {
  const plugin = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${directory}/root"
state = "${directory}/state"
[grpc]
  address = "${directory}/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "${directory}/opt"
[${plugin}]
  restrict_oom_score_adj = true
[${plugin}.containerd]
  snapshotter = "native"
[${plugin}.cni]
  conf_dir = "${directory}/cni"
[${plugin}.registry]
  config_path = "${certsDirectory}"

${stanzas}`;
}

function openSession(socket: string): ClientHttp2Session {
  const session = connect('http://localhost', { createConnection: () => createConnection(socket) });
  // Calls report the fault themselves.
  session.on('error', () => undefined);
  return session;
}

async function isReady(socket: string): Promise<boolean> {
  const session = openSession(socket);
  try {
    return (await call(session, 'runtime.v1.RuntimeService/Version', Buffer.alloc(0))) === null;
  } finally {
    session.destroy();
  }
}

/** `PullImageRequest` of cri-api's `runtime/v1/api.proto`: image = 1 {image = 1}, auth = 2. */
function pullImage(
  session: ClientHttp2Session,
  image: string,
  login: PullLogin | null,
): Promise<string | null> {
  const auth =
    login === null
      ? []
      : [field(2, Buffer.concat([field(1, login.username), field(2, login.password)]))];
  const message = Buffer.concat([field(1, field(1, image)), ...auth]);
  return call(session, 'runtime.v1.ImageService/PullImage', message);
}

/** A length-delimited protobuf field. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length > 16_383) throw new Error('two bytes of length are enough here');
  const length =
    bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}

/** One unary gRPC call; null for status OK, else the server's message. */
function call(
  session: ClientHttp2Session,
  method: string,
  message: Buffer,
): Promise<string | null> {
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': `/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const finish = (headers: Readonly<Record<string, unknown>>) => {
      const status = headers['grpc-status'];
      if (status === undefined) return;
      resolve(status === '0' ? null : decodeURIComponent(String(headers['grpc-message'])));
    };
    stream.setTimeout(60_000, () => stream.destroy(new Error(`${method}: no answer in 60 s`)));
    // A failed call answers with headers alone, a good one with trailers.
    stream.on('response', finish);
    stream.on('trailers', finish);
    stream.once('error', reject);
    stream.once('close', () => reject(new Error(`${method}: closed without a status`)));
    stream.resume();
    stream.end(Buffer.concat([frame, message]));
  });
}
