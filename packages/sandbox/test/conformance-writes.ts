/** Changes to single objects: replace, patch, delete, and the refusals of each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Api,
  base64,
  type ConformanceSubject,
  emptyAuths,
  expectStatus,
  failure,
  metadataOf,
} from './conformance-subject.js';

export function describeWrites(server: string, start: () => Promise<ConformanceSubject>): void {
  describe(`writes to ${server}`, () => {
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
