/** One suite for the simulated registry and for docker-registry, both with Basic authentication. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface RegistrySubject {
  readonly url: string;
  readonly login: { readonly username: string; readonly password: string };
  stop(): Promise<void>;
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
].join(', ');

interface Manifest {
  readonly config?: { readonly digest: string; readonly size: number };
  readonly manifests?: readonly {
    readonly digest: string;
    readonly platform: { readonly architecture: string };
  }[];
}

export function describeRegistry(server: string, start: () => Promise<RegistrySubject>): void {
  describe(server, () => {
    let subject: RegistrySubject;

    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject?.stop());

    function get(
      path: string,
      method = 'GET',
      login: RegistrySubject['login'] | null = subject.login,
    ) {
      const basic =
        login === null
          ? undefined
          : Buffer.from(`${login.username}:${login.password}`).toString('base64');
      const headers = {
        accept: manifestTypes,
        ...(basic === undefined ? {} : { authorization: `Basic ${basic}` }),
      };
      return fetch(`${subject.url}${path}`, { method, headers });
    }

    it('challenges a request without a login', async () => {
      const reply = await get('/v2/', 'GET', null);
      expect(reply.status).toBe(401);
      expect(reply.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
      expect(reply.headers.get('www-authenticate')).toMatch(/^Basic realm="[^"]+"$/);
      expect(await reply.json()).toEqual({
        errors: [{ code: 'UNAUTHORIZED', message: 'authentication required', detail: null }],
      });
    });

    it('challenges a wrong password again', async () => {
      const reply = await get('/v2/', 'GET', { ...subject.login, password: 'wrong' });
      expect(reply.status).toBe(401);
    });

    it('answers a ping with an empty object', async () => {
      const reply = await get('/v2/');
      expect([reply.status, await reply.json()]).toEqual([200, {}]);
      expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    });

    it('lists repositories page by page', async () => {
      expect(await (await get('/v2/_catalog')).json()).toEqual({
        repositories: ['team-a/web', 'team-a/worker'],
      });
      const first = await get('/v2/_catalog?n=1');
      expect(await first.json()).toEqual({ repositories: ['team-a/web'] });
      expect(first.headers.get('link')).toBe('</v2/_catalog?last=team-a%2Fweb&n=1>; rel="next"');
      const second = await get('/v2/_catalog?last=team-a%2Fweb&n=1');
      expect(await second.json()).toEqual({ repositories: ['team-a/worker'] });
    });

    it('lists the tags of a repository, and knows no other', async () => {
      const list = await (await get('/v2/team-a/web/tags/list')).json();
      const { tags, ...rest } = list as { name: string; tags: string[] };
      expect([rest, tags.toSorted()]).toEqual([{ name: 'team-a/web' }, ['1.0', 'latest']]);
      const missing = await get('/v2/team-a/absent/tags/list');
      expect(missing.status).toBe(404);
      expect(await missing.json()).toEqual({
        errors: [
          {
            code: 'NAME_UNKNOWN',
            message: 'repository name not known to registry',
            detail: { name: 'team-a/absent' },
          },
        ],
      });
    });

    it('serves a manifest by tag and by digest, with the digest of its bytes', async () => {
      const reply = await get('/v2/team-a/web/manifests/1.0');
      const text = await reply.text();
      const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
      expect(reply.headers.get('docker-content-digest')).toBe(digest);
      expect(reply.headers.get('content-type')).toBe('application/vnd.oci.image.index.v1+json');
      const head = await get('/v2/team-a/web/manifests/1.0', 'HEAD');
      expect(head.headers.get('docker-content-digest')).toBe(digest);
      expect(head.headers.get('content-length')).toBe(String(text.length));
      expect(await (await get(`/v2/team-a/web/manifests/${digest}`)).text()).toBe(text);
    });

    it('serves each platform’s config, whose bytes have the promised digest', async () => {
      const index = (await (await get('/v2/team-a/web/manifests/latest')).json()) as Manifest;
      expect(index.manifests?.map(({ platform }) => platform.architecture)).toEqual([
        'amd64',
        'arm64',
      ]);
      for (const { digest } of index.manifests ?? []) {
        const reply = await get(`/v2/team-a/web/manifests/${digest}`);
        const manifest = (await reply.json()) as Manifest;
        const config = await get(`/v2/team-a/web/blobs/${manifest.config?.digest}`);
        const text = await config.text();
        expect(`sha256:${createHash('sha256').update(text).digest('hex')}`).toBe(
          manifest.config?.digest,
        );
        expect(JSON.parse(text)).toMatchObject({
          os: 'linux',
          config: { Labels: { 'dev.moorage.simulated': 'true' } },
        });
      }
    });

    it('does not know other tags and blobs', async () => {
      const manifest = await get('/v2/team-a/web/manifests/absent');
      expect(manifest.status).toBe(404);
      expect(await manifest.json()).toMatchObject({
        errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }],
      });
      const blob = await get(`/v2/team-a/web/blobs/sha256:${'0'.repeat(64)}`);
      expect(blob.status).toBe(404);
      expect(await blob.json()).toMatchObject({
        errors: [
          {
            code: 'BLOB_UNKNOWN',
            message: 'blob unknown to registry',
            detail: `sha256:${'0'.repeat(64)}`,
          },
        ],
      });
    });
  });
}
