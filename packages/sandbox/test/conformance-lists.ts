/** Lists, watches, namespaces and what the server says of itself and of the caller. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Api,
  type ConformanceSubject,
  expectStatus,
  failure,
  metadataOf,
} from './conformance-subject.js';

interface List {
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

export function describeLists(server: string, start: () => Promise<ConformanceSubject>): void {
  describe(`lists and watches of ${server}`, () => {
    let subject: ConformanceSubject;
    let api: Api;

    beforeAll(async () => {
      subject = await start();
      api = new Api(subject);
    });
    afterAll(async () => {
      api?.close();
      await subject?.stop();
    });

    async function secretsNamed(...names: readonly string[]): Promise<string> {
      const secrets = `/api/v1/namespaces/${await api.namespace()}/secrets`;
      for (const name of names)
        await api.post(secrets, { metadata: { name, labels: { nth: name } } });
      return secrets;
    }

    async function list(path: string): Promise<List> {
      const reply = await api.get(path);
      expect(reply.status, reply.text.slice(0, 300)).toBe(200);
      return reply.json as List; // Checked by each case in the fields that it reads.
    }

    const namesOf = ({ items }: List) => items.map(({ metadata }) => metadata.name);

    it('lists by name, and items do not repeat their kind', async () => {
      const found = await list(await secretsNamed('c', 'a', 'b'));
      expect(found).toMatchObject({ kind: 'SecretList', apiVersion: 'v1' });
      expect(namesOf(found)).toEqual(['a', 'b', 'c']);
      expect(found.items[0]).not.toHaveProperty('kind');
      expect(found.items[0]).not.toHaveProperty('apiVersion');
    });

    it('lists nothing in a namespace that is not there', async () => {
      expect((await list('/api/v1/namespaces/absent/secrets')).items).toEqual([]);
    });

    it('pages through one state while it changes', async () => {
      const secrets = await secretsNamed('a', 'b', 'd');
      const first = await list(`${secrets}?limit=2`);
      expect([namesOf(first), first.metadata.remainingItemCount]).toEqual([['a', 'b'], 1]);
      await api.post(secrets, { metadata: { name: 'c' } });
      const token = encodeURIComponent(first.metadata.continue ?? '');
      const second = await list(`${secrets}?limit=2&continue=${token}`);
      expect(namesOf(second)).toEqual(['d']);
      expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
    });

    it('does not count what remains behind a selector', async () => {
      const secrets = await secretsNamed('a', 'b', 'd');
      const { metadata } = await list(`${secrets}?limit=1&labelSelector=nth`);
      expect(metadata.continue).toEqual(expect.any(String));
      expect(metadata).not.toHaveProperty('remainingItemCount');
    });

    it('refuses a page token that it did not write, and a limit that is no number', async () => {
      const token = await api.get('/api/v1/secrets?limit=1&continue=bogus');
      const why =
        'invalid continue token: continue key is not valid: illegal base64 data at input byte 4';
      expectStatus(token, 400, failure(400, 'BadRequest', why));
      const limit = await api.get('/api/v1/secrets?limit=x');
      expectStatus(
        limit,
        400,
        failure(400, 'BadRequest', 'strconv.ParseInt: parsing "x": invalid syntax'),
      );
    });

    it.each([
      ['nth=a', ['a']],
      ['nth==a', ['a']],
      ['nth!=a', ['b', 'c']],
      ['nth in (a, c)', ['a', 'c']],
      ['nth notin (a),nth', ['b', 'c']],
      ['!nth', []],
      ['other notin (x)', ['a', 'b', 'c']],
    ])('selects by labels: %s', async (selector, expected) => {
      const secrets = await secretsNamed('a', 'b', 'c');
      const found = await list(`${secrets}?labelSelector=${encodeURIComponent(selector)}`);
      expect(namesOf(found)).toEqual(expected);
    });

    it('selects by the fields that a kind has, and refuses others', async () => {
      const secrets = await secretsNamed('a', 'b');
      expect(namesOf(await list(`${secrets}?fieldSelector=metadata.name%3Db`))).toEqual(['b']);
      expect(namesOf(await list(`${secrets}?fieldSelector=metadata.name!%3Db`))).toEqual(['a']);
      expect(namesOf(await list(`${secrets}?fieldSelector=type%3DOpaque`))).toEqual(['a', 'b']);
      const reply = await api.get(`${secrets}?fieldSelector=size%3D1`);
      expectStatus(reply, 400, failure(400, 'BadRequest', 'field label not supported: size'));
      const broken = await api.get(`${secrets}?labelSelector=${encodeURIComponent('a inn (b')}`);
      const why =
        "unable to parse requirement: found 'inn', expected: in, notin, =, ==, !=, gt, lt";
      expectStatus(broken, 400, failure(400, 'BadRequest', why));
    });

    it('watches from a list’s version: every change, once, in order', async () => {
      const secrets = await secretsNamed('a');
      const version = await api.resourceVersion(secrets);
      await api.post(secrets, { metadata: { name: 'b' } });
      await api.patch(`${secrets}/a`, { metadata: { labels: { x: 'y' } } });
      await api.delete(`${secrets}/a`);
      const { status, lines } = await api.watch(
        `${secrets}?watch=1&resourceVersion=${version}&timeoutSeconds=1`,
      );
      expect(status).toBe(200);
      expect(lines.map(({ type, object }) => [type, object.metadata?.name])).toEqual([
        ['ADDED', 'b'],
        ['MODIFIED', 'a'],
        ['DELETED', 'a'],
      ]);
      expect(lines[0]?.object).toMatchObject({ kind: 'Secret', apiVersion: 'v1' });
      const versions = lines.map(({ object }) => Number(metadataOf(object).resourceVersion));
      expect(versions).toEqual(versions.toSorted((left, right) => left - right));
      expect(Number(version)).toBeLessThan(versions[0] ?? 0);
    });

    it('tells a selective watcher what enters and leaves its selection', async () => {
      const secrets = await secretsNamed('a');
      const version = await api.resourceVersion(secrets);
      await api.patch(`${secrets}/a`, { metadata: { labels: { nth: 'z' } } });
      await api.patch(`${secrets}/a`, { metadata: { labels: { nth: 'a' } } });
      const path = `${secrets}?watch=true&labelSelector=nth%3Da&resourceVersion=${version}&timeoutSeconds=1`;
      const { lines } = await api.watch(path);
      expect(lines.map(({ type }) => type)).toEqual(['DELETED', 'ADDED']);
      // The object as it last matched, under the version of the change that took it away.
      expect(lines[0]?.object).toMatchObject({ metadata: { labels: { nth: 'a' } } });
      expect(Number(metadataOf(lines[0]?.object).resourceVersion)).toBeGreaterThan(Number(version));
    });

    it('begins a watch without a version with what is there', async () => {
      const secrets = await secretsNamed('a', 'b');
      const { lines } = await api.watch(`${secrets}?watch=1&resourceVersion=0&timeoutSeconds=1`);
      expect(lines.map(({ type, object }) => [type, object.metadata?.name]).toSorted()).toEqual([
        ['ADDED', 'a'],
        ['ADDED', 'b'],
      ]);
    });

    it('refuses a version that is no number', async () => {
      const reply = await api.get('/api/v1/secrets?watch=1&resourceVersion=abc&timeoutSeconds=1');
      const why =
        'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax';
      const head = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
      expectStatus(reply, 500, { ...head, message: why, code: 500 });
    });

    it('answers 410 when the history is gone: to a watch as an event, to a page with a new token', async () => {
      const secrets = await secretsNamed('a', 'b', 'c');
      const version = await api.resourceVersion(secrets);
      const { metadata } = await list(`${secrets}?limit=1`);
      await api.delete(`${secrets}/c`);
      await subject.expireHistory();
      const { status, lines } = await api.watch(
        `${secrets}?watch=1&resourceVersion=${version}&timeoutSeconds=2`,
      );
      expect(status).toBe(200);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({
        type: 'ERROR',
        object: { kind: 'Status', reason: 'Expired', code: 410 },
      });
      expect(lines[0]?.object.message).toMatch(
        new RegExp(`^too old resource version: ${version} \\(\\d+\\)$`),
      );
      const page = await api.get(
        `${secrets}?limit=1&continue=${encodeURIComponent(metadata.continue ?? '')}`,
      );
      expect([page.status, page.json]).toMatchObject([410, { reason: 'Expired', code: 410 }]);
      const token = encodeURIComponent(metadataOf(page.json).continue ?? '');
      expect(namesOf(await list(`${secrets}?continue=${token}`))).toEqual(['b']);
    });

    it('furnishes a namespace with its name as a label', async () => {
      const name = await api.namespace();
      const { json } = await api.get(`/api/v1/namespaces/${name}`);
      expect(json).toMatchObject({
        kind: 'Namespace',
        metadata: { labels: { 'kubernetes.io/metadata.name': name } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
    });

    it('creates nothing new in a namespace that is going', async () => {
      const name = await api.namespace();
      const secrets = `/api/v1/namespaces/${name}/secrets`;
      await api.post(secrets, { metadata: { name: 'old' } });
      await api.patch(`/api/v1/namespaces/${name}`, {
        metadata: { finalizers: ['example.com/hold'] },
      });
      const going = await api.delete(`/api/v1/namespaces/${name}`);
      expect(going.json).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
      const reply = await api.post(secrets, { metadata: { name: 'late' } });
      const cause = {
        reason: 'NamespaceTerminating',
        message: `namespace ${name} is being terminated`,
        field: 'metadata.namespace',
      };
      const why = `secrets "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`;
      expectStatus(
        reply,
        403,
        failure(403, 'Forbidden', why, { name: 'late', kind: 'secrets', causes: [cause] }),
      );
    });

    it('answers unknown paths and methods as the API does', async () => {
      const missing = failure(
        404,
        'NotFound',
        'the server could not find the requested resource',
        {},
      );
      expectStatus(await api.get('/api/v1/nosuch'), 404, missing);
      const method = failure(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
        {},
      );
      expectStatus(await api.put('/api/v1/namespaces', {}), 405, method);
      for (const path of ['/nosuch', '/apis/nosuch.example.com/v1']) {
        const reply = await api.get(path);
        expect([reply.status, reply.text]).toEqual([404, '404 page not found\n']);
      }
    });

    it('refuses a wrong token with 401 and a missing one with 403', async () => {
      expectStatus(
        await api.get('/api/v1/namespaces', 'wrong'),
        401,
        failure(401, 'Unauthorized', 'Unauthorized'),
      );
      const anonymous = await fetchWithoutToken(subject, '/api/v1/namespaces');
      const why =
        'namespaces is forbidden: User "system:anonymous" cannot list resource "namespaces" in API group "" at the cluster scope';
      expect(anonymous).toBe(
        `${JSON.stringify(failure(403, 'Forbidden', why, { kind: 'namespaces' }))}\n`,
      );
    });

    it('describes itself: version, groups, resources', async () => {
      expect((await api.get('/version')).json).toMatchObject({ major: '1', minor: '36' });
      expect((await api.get('/api')).json).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
      const groups = await api.get('/apis');
      expect(groups.json).toMatchObject({ kind: 'APIGroupList' });
      const { resources } = (await api.get('/api/v1')).json as { resources: { name: string }[] };
      expect(resources.find(({ name }) => name === 'secrets')).toMatchObject({
        name: 'secrets',
        singularName: 'secret',
        namespaced: true,
        kind: 'Secret',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      });
      const policies = await api.get('/apis/admissionregistration.k8s.io/v1');
      expect(policies.json).toMatchObject({
        kind: 'APIResourceList',
        groupVersion: 'admissionregistration.k8s.io/v1',
        resources: expect.arrayContaining([
          expect.objectContaining({ name: 'mutatingadmissionpolicies' }),
          expect.objectContaining({ name: 'validatingadmissionpolicybindings' }),
        ]),
      });
    });

    it('tells the caller what it may do', async () => {
      const authorization = '/apis/authorization.k8s.io/v1';
      const spec = { resourceAttributes: { verb: 'list', resource: 'secrets' } };
      const access = await api.post(`${authorization}/selfsubjectaccessreviews`, { spec });
      expect([access.status, access.json]).toMatchObject([
        201,
        { spec, status: { allowed: true } },
      ]);
      const rules = await api.post(`${authorization}/selfsubjectrulesreviews`, {
        spec: { namespace: 'default' },
      });
      expect([rules.status, rules.json]).toMatchObject([
        201,
        {
          kind: 'SelfSubjectRulesReview',
          status: {
            incomplete: false,
            resourceRules: expect.arrayContaining([
              { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
            ]),
          },
        },
      ]);
    });
  });
}

async function fetchWithoutToken(
  { url, caCertificate }: ConformanceSubject,
  path: string,
): Promise<string> {
  const { request } =
    caCertificate === undefined ? await import('node:http') : await import('node:https');
  const settings = caCertificate === undefined ? {} : { ca: caCertificate };
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), settings, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve(text));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
