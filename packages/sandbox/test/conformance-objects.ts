/** Single objects: create, read, replace, patch, delete, and the refusals of each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Api,
  base64,
  type ConformanceSubject,
  comparable,
  emptyAuths,
  expectStatus,
  failure,
  metadataOf,
} from './conformance-subject.js';

export function describeObjects(server: string, start: () => Promise<ConformanceSubject>): void {
  describe(`objects of ${server}`, () => {
    let subject: ConformanceSubject;
    let api: Api;
    let namespace: string;
    let secrets: string;

    beforeAll(async () => {
      subject = await start();
      api = new Api(subject);
      namespace = await api.namespace();
      secrets = `/api/v1/namespaces/${namespace}/secrets`;
    });
    afterAll(async () => {
      api?.close();
      await subject?.stop();
    });

    it('creates a Secret and answers it whole', async () => {
      const labels = { 'app.kubernetes.io/managed-by': 'moorage' };
      const reply = await api.post(secrets, { metadata: { name: 'whole', labels }, ...emptyAuths });
      expect(reply.status).toBe(201);
      expect(comparable(reply.json)).toEqual({
        kind: 'Secret',
        apiVersion: 'v1',
        metadata: { name: 'whole', namespace, labels },
        ...emptyAuths,
      });
    });

    it('merges stringData into data and makes an untyped Secret Opaque', async () => {
      const sent = {
        metadata: { name: 'text' },
        data: { a: base64('1'), b: base64('2') },
        stringData: { b: 'three' },
      };
      const { json } = await api.post(secrets, sent);
      expect(json).toMatchObject({ type: 'Opaque', data: { a: base64('1'), b: base64('three') } });
      expect(json).not.toHaveProperty('stringData');
    });

    it('refuses a second object of the same name', async () => {
      await api.post(secrets, { metadata: { name: 'twice' } });
      const reply = await api.post(secrets, { metadata: { name: 'twice' } });
      const details = { name: 'twice', kind: 'secrets' };
      expectStatus(
        reply,
        409,
        failure(409, 'AlreadyExists', 'secrets "twice" already exists', details),
      );
    });

    it('makes a name from generateName', async () => {
      const { json } = await api.post(secrets, { metadata: { generateName: 'made-' } });
      expect(metadataOf(json).name).toMatch(/^made-[a-z0-9]{5}$/);
    });

    it('refuses an object without a name', async () => {
      const reply = await api.post(secrets, { metadata: {} });
      const message = 'Required value: name or generateName is required';
      const causes = [{ reason: 'FieldValueRequired', message, field: 'metadata.name' }];
      const text = `Secret "" is invalid: metadata.name: ${message}`;
      expectStatus(reply, 422, failure(422, 'Invalid', text, { kind: 'Secret', causes }));
    });

    it('refuses names and labels outside the grammar', async () => {
      const reply = await api.post(secrets, { metadata: { name: 'A_', labels: { a: '-' } } });
      expect(reply.status).toBe(422);
      expect(reply.json).toMatchObject({
        reason: 'Invalid',
        details: {
          name: 'A_',
          kind: 'Secret',
          causes: [{ field: 'metadata.name' }, { field: 'metadata.labels' }],
        },
      });
      const single = await api.post(secrets, {
        metadata: { name: 'grammar', annotations: { 'x y': '' } },
      });
      const why =
        "Invalid value: \"x y\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
      const causes = [{ reason: 'FieldValueInvalid', message: why, field: 'metadata.annotations' }];
      const text = `Secret "grammar" is invalid: metadata.annotations: ${why}`;
      expectStatus(
        single,
        422,
        failure(422, 'Invalid', text, { name: 'grammar', kind: 'Secret', causes }),
      );
    });

    it('refuses an object for another namespace than the path says', async () => {
      const reply = await api.post(secrets, {
        metadata: { name: 'astray', namespace: 'elsewhere' },
      });
      const text =
        'the namespace of the provided object does not match the namespace sent on the request';
      expectStatus(reply, 400, failure(400, 'BadRequest', text));
    });

    it('refuses an object of another kind', async () => {
      const reply = await api.post(secrets, {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'other' },
      });
      const text =
        'ConfigMap in version "v1" cannot be handled as a Secret: converting (v1.ConfigMap) to (core.Secret): unknown conversion';
      expectStatus(reply, 400, failure(400, 'BadRequest', text));
    });

    it('refuses an object in a namespace that is not there', async () => {
      const reply = await api.post('/api/v1/namespaces/absent/secrets', {
        metadata: { name: 'x' },
      });
      const details = { name: 'absent', kind: 'namespaces' };
      expectStatus(reply, 404, failure(404, 'NotFound', 'namespaces "absent" not found', details));
    });

    it('refuses a created object with a resourceVersion', async () => {
      const reply = await api.post(secrets, { metadata: { name: 'dated', resourceVersion: '3' } });
      const message = 'resourceVersion should not be set on objects to be created';
      const head = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
      expectStatus(reply, 500, { ...head, message, code: 500 });
    });

    it('refuses data that is not base64', async () => {
      const reply = await api.post(secrets, { metadata: { name: 'raw' }, data: { a: '%%%' } });
      const text =
        'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0';
      expectStatus(reply, 400, failure(400, 'BadRequest', text));
    });

    it('refuses a pull secret without its key or without JSON in it', async () => {
      const type = 'kubernetes.io/dockerconfigjson';
      const field = 'data[.dockerconfigjson]';
      const missing = await api.post(secrets, {
        metadata: { name: 'keyless' },
        type,
        data: { x: base64('{}') },
      });
      const causes = [{ reason: 'FieldValueRequired', message: 'Required value', field }];
      const text = `Secret "keyless" is invalid: ${field}: Required value`;
      expectStatus(
        missing,
        422,
        failure(422, 'Invalid', text, { name: 'keyless', kind: 'Secret', causes }),
      );
      const data = { '.dockerconfigjson': base64('{"auths"') };
      const broken = await api.post(secrets, { metadata: { name: 'broken' }, type, data });
      expect(broken.status).toBe(422);
      expect(broken.json).toMatchObject({
        details: { causes: [{ reason: 'FieldValueInvalid', field }] },
      });
    });

    it('refuses a Secret of more than 1 MiB', async () => {
      const largest = await api.post(secrets, {
        metadata: { name: 'full' },
        data: { a: base64('x'.repeat(1_048_576)) },
      });
      expect(largest.status).toBe(201);
      const reply = await api.post(secrets, {
        metadata: { name: 'big' },
        data: { a: base64('x'.repeat(1_048_577)) },
      });
      const message = 'Too long: may not be more than 1048576 bytes';
      const causes = [{ reason: 'FieldValueTooLong', message, field: 'data' }];
      const text = `Secret "big" is invalid: data: ${message}`;
      expectStatus(
        reply,
        422,
        failure(422, 'Invalid', text, { name: 'big', kind: 'Secret', causes }),
      );
    });

    it('refuses a body of more than 3 MiB', async () => {
      const reply = await api.post(secrets, {
        metadata: { name: 'huge' },
        data: { a: 'A'.repeat(3_200_000) },
      });
      expectStatus(
        reply,
        413,
        failure(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728'),
      );
    });

    it('creates nothing in a dry run', async () => {
      const reply = await api.post(`${secrets}?dryRun=All`, { metadata: { name: 'dry' } });
      expect(reply.status).toBe(201);
      expect((await api.get(`${secrets}/dry`)).status).toBe(404);
    });

    it('says which object is not there', async () => {
      const text = failure(404, 'NotFound', 'secrets "gone" not found', {
        name: 'gone',
        kind: 'secrets',
      });
      expectStatus(await api.get(`${secrets}/gone`), 404, text);
      expectStatus(await api.delete(`${secrets}/gone`), 404, text);
      expectStatus(await api.patch(`${secrets}/gone`, { data: {} }), 404, text);
      expectStatus(await api.put(`${secrets}/gone`, { metadata: { name: 'gone' } }), 404, text);
      const group = await api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/gone`);
      const details = { name: 'gone', group: 'apps', kind: 'deployments' };
      expectStatus(
        group,
        404,
        failure(404, 'NotFound', 'deployments.apps "gone" not found', details),
      );
    });

    it('replaces an object and keeps its identity', async () => {
      const made = metadataOf(
        (await api.post(secrets, { metadata: { name: 'kept' }, data: { a: base64('1') } })).json,
      );
      const reply = await api.put(`${secrets}/kept`, {
        metadata: { name: 'kept' },
        data: { b: base64('2') },
      });
      const metadata = metadataOf(reply.json);
      expect(reply.json).toMatchObject({ type: 'Opaque', data: { b: base64('2') } });
      expect(reply.json).not.toHaveProperty('data.a');
      expect(metadata.uid).toBe(made.uid);
      expect(metadata.creationTimestamp).toBe(made.creationTimestamp);
      expect(Number(metadata.resourceVersion)).toBeGreaterThan(Number(made.resourceVersion));
    });

    it('refuses a write that was made from an older version', async () => {
      await api.post(secrets, { metadata: { name: 'raced' } });
      const details = { name: 'raced', kind: 'secrets' };
      const text =
        'Operation cannot be fulfilled on secrets "raced": the object has been modified; please apply your changes to the latest version and try again';
      const expected = failure(409, 'Conflict', text, details);
      const metadata = { name: 'raced', resourceVersion: '1' };
      expectStatus(await api.put(`${secrets}/raced`, { metadata, data: {} }), 409, expected);
      expectStatus(
        await api.patch(`${secrets}/raced`, {
          metadata: { resourceVersion: '1' },
          data: { a: '' },
        }),
        409,
        expected,
      );
    });

    it('refuses a write meant for another uid', async () => {
      const { json } = await api.post(secrets, { metadata: { name: 'reborn' } });
      const uid = '00000000-0000-0000-0000-000000000000';
      const reply = await api.put(`${secrets}/reborn`, { metadata: { name: 'reborn', uid } });
      const { message = '', ...rest } = reply.json as { message?: string };
      expect(reply.status).toBe(409);
      expect(rest).toMatchObject({
        reason: 'Conflict',
        details: { name: 'reborn', kind: 'secrets' },
      });
      // In between stands the key in etcd, which begins with the cluster's own prefix.
      const head =
        'Operation cannot be fulfilled on secrets "reborn": StorageError: invalid object, Code: 4, Key: /';
      const tail = `/secrets/${namespace}/reborn, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadataOf(json).uid}`;
      expect([message.slice(0, head.length), message.slice(-tail.length)]).toEqual([head, tail]);
      const patched = await api.patch(`${secrets}/reborn`, { metadata: { uid } });
      expect([patched.status, patched.json]).toMatchObject([
        422,
        { details: { causes: [{ field: 'metadata.uid' }, { field: 'metadata.uid' }] } },
      ]);
    });

    it('refuses another name in the body than in the path', async () => {
      await api.post(secrets, { metadata: { name: 'named' } });
      const text = 'the name of the object (renamed) does not match the name on the URL (named)';
      const expected = failure(400, 'BadRequest', text);
      expectStatus(
        await api.put(`${secrets}/named`, { metadata: { name: 'renamed' } }),
        400,
        expected,
      );
      expectStatus(
        await api.patch(`${secrets}/named`, { metadata: { name: 'renamed' } }),
        400,
        expected,
      );
    });

    it('merges a patch: null removes, maps merge, lists are replaced', async () => {
      const metadata = { name: 'merged', annotations: { keep: '1', drop: '2' } };
      await api.post(secrets, { metadata, data: { a: base64('1'), b: base64('2') } });
      const change = {
        metadata: { annotations: { drop: null, add: '3' } },
        data: { a: null, c: base64('3') },
      };
      const { json } = await api.patch(`${secrets}/merged`, change);
      expect(json).toMatchObject({ metadata: { annotations: { keep: '1', add: '3' } } });
      expect(json).toHaveProperty('data', { b: base64('2'), c: base64('3') });
      expect(json).not.toHaveProperty(['metadata', 'annotations', 'drop']);
      const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
      await api.patch(account, { imagePullSecrets: [{ name: 'one' }, { name: 'two' }] });
      const replaced = await api.patch(account, { imagePullSecrets: [{ name: 'three' }] });
      expect(replaced.json).toHaveProperty('imagePullSecrets', [{ name: 'three' }]);
    });

    it('keeps the version when a write changes nothing', async () => {
      const made = metadataOf(
        (await api.post(secrets, { metadata: { name: 'same', labels: { a: 'b' } } })).json,
      );
      const patched = await api.patch(`${secrets}/same`, { metadata: { labels: { a: 'b' } } });
      expect(metadataOf(patched.json).resourceVersion).toBe(made.resourceVersion);
    });

    it('refuses another type for a Secret, and changes of an immutable one', async () => {
      await api.post(secrets, { metadata: { name: 'typed' }, ...emptyAuths });
      const typed = await api.patch(`${secrets}/typed`, { type: 'Opaque' });
      const message = 'Invalid value: "Opaque": field is immutable';
      const causes = [{ reason: 'FieldValueInvalid', message, field: 'type' }];
      const text = `Secret "typed" is invalid: type: ${message}`;
      expectStatus(
        typed,
        422,
        failure(422, 'Invalid', text, { name: 'typed', kind: 'Secret', causes }),
      );
      await api.patch(`${secrets}/typed`, { immutable: true });
      const sealed = await api.patch(`${secrets}/typed`, { data: { x: '' } });
      const why = 'Forbidden: field is immutable when `immutable` is set';
      const sealedCauses = [{ reason: 'FieldValueForbidden', message: why, field: 'data' }];
      const details = { name: 'typed', kind: 'Secret', causes: sealedCauses };
      expectStatus(
        sealed,
        422,
        failure(422, 'Invalid', `Secret "typed" is invalid: data: ${why}`, details),
      );
    });

    it('refuses a patch that is no object or of an unknown media type', async () => {
      await api.post(secrets, { metadata: { name: 'patched' } });
      const list = await api.patch(`${secrets}/patched`, [1]);
      const text =
        'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}';
      expectStatus(list, 400, failure(400, 'BadRequest', text));
      const media = await api.patch(`${secrets}/patched`, {}, 'text/plain');
      expectStatus(
        media,
        415,
        failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {}),
      );
    });

    it('deletes once, and only what the preconditions describe', async () => {
      const { json } = await api.post(secrets, { metadata: { name: 'leaving' } });
      const { uid = '', resourceVersion } = metadataOf(json);
      const head = 'Operation cannot be fulfilled on Secret "leaving": the';
      const details = { name: 'leaving', kind: 'Secret' };
      const byUid = await api.delete(`${secrets}/leaving`, { preconditions: { uid: 'x' } });
      const why = `UID in the precondition (x) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
      expectStatus(byUid, 409, failure(409, 'Conflict', `${head} ${why}`, details));
      const byVersion = await api.delete(`${secrets}/leaving`, {
        preconditions: { resourceVersion: '1' },
      });
      const other = `ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
      expectStatus(byVersion, 409, failure(409, 'Conflict', `${head} ${other}`, details));
      const gone = await api.delete(`${secrets}/leaving`, {
        preconditions: { uid, resourceVersion },
      });
      const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
      expectStatus(gone, 200, { ...success, details: { name: 'leaving', kind: 'secrets', uid } });
    });

    it('keeps a deleted object until its finalizers are gone', async () => {
      await api.post(secrets, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
      const begun = await api.delete(`${secrets}/held`);
      expect([begun.status, metadataOf(begun.json).deletionTimestamp]).toEqual([
        200,
        expect.any(String),
      ]);
      expect((await api.get(`${secrets}/held`)).status).toBe(200);
      await api.patch(`${secrets}/held`, { metadata: { finalizers: null } });
      expect((await api.get(`${secrets}/held`)).status).toBe(404);
    });

    it('counts generations of a workload’s spec only', async () => {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      const template = {
        metadata: { labels: { a: 'b' } },
        spec: { containers: [{ name: 'c', image: 'one' }] },
      };
      const spec = { selector: { matchLabels: { a: 'b' } }, template };
      expect((await api.post(path, { metadata: { name: 'web' }, spec })).json).toHaveProperty(
        'metadata.generation',
        1,
      );
      const labelled = await api.patch(`${path}/web`, { metadata: { labels: { x: 'y' } } });
      expect(labelled.json).toHaveProperty('metadata.generation', 1);
      const changed = await api.patch(`${path}/web`, {
        spec: { template: { spec: { containers: [{ name: 'c', image: 'two' }] } } },
      });
      expect(changed.json).toHaveProperty('metadata.generation', 2);
    });
  });
}
