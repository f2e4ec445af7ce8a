/** Single objects: create and read, and the refusals of each. */
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
  });
}
