/**
 * Debian's dockerd alone, in mount and process namespaces of its own: /etc/docker is the rendered
 * folder, names resolve by a hosts file of the test. It touches neither networks nor firewalls.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import type { NodeFile } from '@moorage/core';
import { type Program, startProgram, waitUntilReady } from '../src/child-process.js';

export interface DockerNodeOptions {
  readonly directory: string;
  readonly hostsFile: string;
  readonly files: readonly NodeFile[];
}

export interface DockerNode {
  /** Null when the image was pulled, else dockerd's error. `auth` is base64 of `user:password`. */
  pull(image: string, auth?: string): Promise<string | null>;
  stop(): Promise<void>;
}

/** Starts dockerd; one that refuses its configuration is an error with the end of its log. */
export async function startDockerNode(options: DockerNodeOptions): Promise<DockerNode> {
  const { directory, hostsFile, files } = options;
  const folder = join(directory, 'etc');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(directory, 'hosts'), hostsFile);
  for (const { path, content } of files) {
    const target = path.replace('/etc/docker', folder);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  const socket = join(directory, 'docker.sock');
  const program = launch(directory, socket);
  await waitUntilReady(program, async () => (await call(socket, 'GET', '/_ping')).status === 200, {
    timeoutMs: 60_000,
    intervalMs: 200,
  });
  return {
    async pull(image, auth) {
      const path = `/images/create?fromImage=${encodeURIComponent(image)}`;
      const { status, body } = await call(socket, 'POST', path, auth);
      const fault = body.split('\n').find((line) => line.includes('"errorDetail"'));
      return status === 200 && fault === undefined ? null : (fault ?? body);
    },
    stop: () => program.kill(),
  };
}

function launch(directory: string, socket: string): Program {
  const script = join(directory, 'start.sh');
  const flags = [
    '--config-file /etc/docker/daemon.json --iptables=false --ip6tables=false --bridge=none',
    `--storage-driver=vfs --data-root ${directory}/data --exec-root ${directory}/exec`,
    `--pidfile ${directory}/pid --host unix://${socket}`,
  ];
  const lines = [
    '#!/bin/sh',
    'set -e',
    'mount --make-rprivate /',
    `mount --bind ${directory}/hosts /etc/hosts`,
    'mkdir -p /etc/docker',
    `mount --bind ${directory}/etc /etc/docker`,
    `exec dockerd ${flags.join(' ')}`,
  ];
  writeFileSync(script, `${lines.join('\n')}\n`, { mode: 0o700 });
  return startProgram({
    name: 'dockerd',
    command: 'unshare',
    args: ['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc', script],
    logFile: join(directory, 'dockerd.log'),
  });
}

function call(
  socketPath: string,
  method: string,
  path: string,
  auth?: string,
): Promise<{ status: number; body: string }> {
  const [username, ...rest] = Buffer.from(auth ?? '', 'base64')
    .toString()
    .split(':');
  const login = { username, password: rest.join(':') };
  // URL alphabet, but with its padding.
  const header = Buffer.from(JSON.stringify(login))
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return new Promise((resolve, reject) => {
    const headers = auth === undefined ? {} : { 'X-Registry-Auth': header };
    const sent = request({ socketPath, method, path, headers, timeout: 60_000 }, (reply) => {
      let body = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk) => {
        body += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }));
      reply.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`${path}: no answer in 60 s`)));
    sent.on('error', reject);
    sent.end();
  });
}
