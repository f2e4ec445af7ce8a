/**
 * The `docker` format read by Debian's dockerd: it starts with the rendered `daemon.json`, takes
 * certificates from the rendered folders, and pulls through the mirror of Docker Hub.
 *
 * The login file is the kubelet's; here the test hands its entry to dockerd, as cri-dockerd does.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildNodeConfig,
  type NodeConfigModel,
  type NodeConfigRegistry,
  SecretText,
} from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts, pushTestImage, type Registry, startRegistry } from '../src/index.js';
import { createTemporaryDirectory } from '../src/temporary-directory.js';
import { type DockerNode, startDockerNode } from './docker-node.js';
import { forwardPort, outsideAddress } from './outside-address.js';

const login = { username: 'node', password: 'correct horse' };
const names = ['harbor.example.com', 'plain.example.com'] as const;
const deadNames = ['registry-1.docker.io', 'docker.io', 'index.docker.io', 'auth.docker.io'];
const outside = outsideAddress();
const hostsFile = [
  `127.0.0.1 localhost ${names[1]}`,
  `${outside ?? '127.0.0.1'} ${names[0]}`,
  `127.255.0.1 ${deadNames.join(' ')}\n`,
].join('\n');

describe.skipIf(!hasParts('registry', 'docker'))('a node config for Docker', () => {
  const directory = createTemporaryDirectory('docker');
  let harbor: Registry;
  let plain: Registry;
  let docker: DockerNode | undefined;
  let stopForwarding: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    [harbor, plain] = await Promise.all([
      startRegistry({ htpasswd: [login], tls: { names: [names[0], 'localhost'] } }),
      startRegistry(),
    ]);
    const port = Number(harbor.address.split(':')[1]);
    if (outside !== undefined) stopForwarding = await forwardPort(outside, port);
    await pushTestImage({ address: harbor.address, repository: 'team/app', tag: '1', login });
    for (const repository of ['library/nginx', 'team/app'])
      await pushTestImage({ address: plain.address, repository, tag: '1' });
  });
  afterAll(async () => {
    await docker?.stop();
    await stopForwarding?.();
    await Promise.all([harbor?.stop(), plain?.stop()]);
    await directory.remove();
  });

  const addressOf = (registry: Registry, name: string) =>
    `${name}:${registry.address.split(':')[1]}`;

  function modelWith(caCertificate: string | undefined): NodeConfigModel {
    const bare = { deliver: 'both', scopedCredentials: [], credential: null } as const;
    const registries: NodeConfigRegistry[] = [
      {
        ...bare,
        id: '1',
        address: addressOf(harbor, names[0]),
        scheme: 'https',
        tls: { insecureSkipVerify: false, ...(caCertificate && { caCertificate }) },
        credential: { id: 'c', username: login.username, password: SecretText.of(login.password) },
      },
      {
        ...bare,
        id: '2',
        address: addressOf(plain, names[1]),
        scheme: 'http',
        tls: { insecureSkipVerify: false },
      },
    ];
    const endpoints = [`http://${addressOf(plain, names[1])}`, 'https://harbor.example.com/prefix'];
    return { registries, mirrors: [{ registry: 'docker.io', endpoints, rewrites: [] }] };
  }

  async function start(name: string, model: NodeConfigModel) {
    const config = buildNodeConfig(model, { format: 'docker', secrets: 'included' });
    const folder = join(directory.path, name);
    mkdirSync(folder);
    const files = config.files.filter(({ path }) => path.startsWith('/etc/docker'));
    await docker?.stop();
    docker = await startDockerNode({ directory: folder, hostsFile, files });
    const logins = config.files.find(({ path }) => path.endsWith('/config.json'))?.content ?? '{}';
    const auths: Record<string, { auth: string }> = JSON.parse(logins).auths;
    return { node: docker, auth: auths[addressOf(harbor, names[0])]?.auth, config };
  }

  it('lets dockerd pull through the mirror, by http, and with CA and login', async () => {
    const { node, auth, config } = await start('right', modelWith(harbor.caCertificate));
    expect(config.notExpressible.map(({ code }) => code)).toEqual(['node-config.endpoint-path']);
    const before = plain.accessLog().length;
    expect(await node.pull('docker.io/library/nginx:1')).toBeNull();
    const asked = plain.accessLog().slice(before);
    expect(asked.map(({ path }) => path)).toContain('/v2/library/nginx/manifests/1');
    expect(await node.pull(`${addressOf(plain, names[1])}/team/app:1`)).toBeNull();
    const image = `${addressOf(harbor, names[0])}/team/app:1`;
    expect(await node.pull(image)).toMatch(/no basic auth|unauthorized|denied/);
    expect(await node.pull(image, auth)).toBeNull();
  });

  it.skipIf(outside === undefined)(
    'leaves dockerd without trust where no CA is given',
    async () => {
      const { node, auth } = await start('wrong', modelWith(undefined));
      const image = `${addressOf(harbor, names[0])}/team/app:1`;
      expect(await node.pull(image, auth)).toMatch(/certificate|x509/);
    },
  );
});
