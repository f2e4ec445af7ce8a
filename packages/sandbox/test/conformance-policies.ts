/** Image policies as objects and at work: what is stored, what is refused, warned about and rewritten. */
import { createHash } from 'node:crypto';
import {
  type AdmissionObject,
  type CompiledPolicy,
  compilePolicy,
  type ImagePolicy,
  parseDefaultRegistry,
  parseWhitelist,
} from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  Api,
  type ConformanceSubject,
  comparable,
  expectStatus,
  failure,
} from './conformance-subject.js';

const group = '/apis/admissionregistration.k8s.io/v1';
const plurals: Readonly<Record<AdmissionObject['kind'], string>> = {
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
  MutatingAdmissionPolicy: 'mutatingadmissionpolicies',
  MutatingAdmissionPolicyBinding: 'mutatingadmissionpolicybindings',
};
const refused = 'evil.io/org/app:1';
const allowed = 'ghcr.io/org/app:1';

function policyOf(changes: Partial<ImagePolicy> = {}): ImagePolicy {
  const whitelist = parseWhitelist('ghcr.io/org, docker.io/library, reg.corp:5000/proxy');
  const defaultRegistry = parseDefaultRegistry('reg.corp:5000/proxy');
  if (!whitelist.ok || !defaultRegistry.ok)
    throw new Error('the policy of this test does not parse');
  return {
    whitelist: whitelist.value,
    defaultRegistry: defaultRegistry.value,
    mode: 'enforce',
    defaultRegistryAt: 'pod',
    ...changes,
  };
}

function compile(
  environment: string,
  include: string,
  changes?: Partial<ImagePolicy>,
): CompiledPolicy {
  return compilePolicy(policyOf(changes), {
    installationId: '7d8f3c1e-0000-4000-8000-000000000001',
    environment: { id: '7d8f3c1e-0000-4000-8000-000000000002', name: environment },
    namespaces: [{ include: [include], exclude: ['*-free'], matchLabels: {} }],
    grants: null,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
  });
}

export function describePolicies(server: string, start: () => Promise<ConformanceSubject>): void {
  describe(`image policies in ${server}`, () => {
    let subject: ConformanceSubject;
    let api: Api;

    beforeAll(async () => {
      subject = await start();
      api = new Api(subject);
      for (const name of ['guarded', 'guarded-free', 'warned']) {
        await api.post('/api/v1/namespaces', { metadata: { name } });
        await api.post(`/api/v1/namespaces/${name}/serviceaccounts`, {
          metadata: { name: 'default' },
        });
      }
    });
    afterAll(async () => {
      api?.close();
      await subject?.stop();
    });

    const pod = (image: string, namespace = 'guarded', name = 'asked') =>
      api.post(`/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
        metadata: { name },
        spec: { containers: [{ name: 'c', image }] },
      });
    const deployment = (image: string) =>
      api.post('/apis/apps/v1/namespaces/guarded/deployments?dryRun=All', {
        metadata: { name: 'web' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { containers: [{ name: 'c', image }] },
          },
        },
      });
    const imageOf = (json: unknown) =>
      (json as { spec: { containers: { image: string }[] } }).spec.containers[0]?.image;

    async function install(compiled: CompiledPolicy): Promise<void> {
      for (const pair of [compiled.defaultRegistry, compiled.whitelist]) {
        for (const object of pair === null ? [] : [pair.policy, pair.binding]) {
          const { json, status, text } = await api.post(`${group}/${plurals[object.kind]}`, object);
          expect(status, text).toBe(201);
          const { status: _, ...stored } = comparable(json) as Record<string, unknown>;
          expect(stored).toMatchObject({ kind: object.kind, spec: object.spec });
        }
      }
    }

    it('are stored exactly as they were compiled, and enforced', async () => {
      const compiled = compile('guarded', 'guarded*');
      await install(compiled);
      await vi.waitFor(async () => expect((await pod(refused)).status).toBe(403), 10_000);
      const name = 'moorage-7d8f3c1e-guarded';
      const message = `ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request: Image "evil.io/org/app:1" may not run here: the whitelist of environment guarded allows no such image of registry "evil.io". Use an image of ghcr.io/org, docker.io/library, reg.corp:5000/proxy, or ask an owner of the environment to allow this one. [${name} ${compiled.whitelist?.revision}]`;
      expectStatus(
        await pod(refused),
        403,
        failure(403, 'Forbidden', `pods "asked" is forbidden: ${message}`, {
          name: 'asked',
          kind: 'pods',
          causes: [{ message }],
        }),
      );
      expectStatus(
        await deployment(refused),
        403,
        failure(403, 'Forbidden', `deployments.apps "web" is forbidden: ${message}`, {
          name: 'web',
          group: 'apps',
          kind: 'deployments',
          causes: [{ message }],
        }),
      );
      const unreadable = await pod('a b');
      // What is no image name at all the API server refuses by itself.
      expect([403, 422]).toContain(unreadable.status);
    });

    it('let through what is listed and what is elsewhere, and rewrite bare names in pods alone', async () => {
      expect((await pod(allowed)).status).toBe(201);
      expect((await pod(refused, 'guarded-free')).status).toBe(201);
      expect((await pod(refused, 'default')).status).toBe(201);
      expect(imageOf((await pod('nginx')).json)).toBe('reg.corp:5000/proxy/nginx');
      expect(imageOf((await pod('nginx', 'guarded-free')).json)).toBe('nginx');
      const template = await deployment('nginx');
      expect(template.status, template.text).toBe(201);
      expect(template.text).toContain('"image":"nginx"');
    });

    it('judge a PodTemplate, which nothing runs', async () => {
      const ask = (image: string) =>
        api.post('/api/v1/namespaces/guarded/podtemplates?dryRun=All', {
          metadata: { generateName: 'proof-' },
          template: { spec: { containers: [{ name: 'c', image }] } },
        });
      const no = await ask(refused);
      expect([no.status, no.json]).toMatchObject([
        403,
        { reason: 'Forbidden', details: { kind: 'podtemplates' } },
      ]);
      expect(no.text).toContain("ValidatingAdmissionPolicy 'moorage-7d8f3c1e-guarded'");
      expect((await ask(allowed)).status).toBe(201);
    });

    it('judge only the images that an update brings in', async () => {
      const path = '/apis/apps/v1/namespaces/warned/deployments';
      const labels = { a: 'b' };
      const template = (image: string) => ({
        metadata: { labels },
        spec: { containers: [{ name: 'c', image }] },
      });
      const spec = { selector: { matchLabels: labels }, template: template(refused) };
      expect((await api.post(path, { metadata: { name: 'old' }, spec })).status).toBe(201);
      const compiled = compile('later', 'warned', { defaultRegistry: null });
      await install(compiled);
      await vi.waitFor(async () => expect((await pod(refused, 'warned')).status).toBe(403), 10_000);
      const patch = (body: unknown) => api.patch(`${path}/old`, body);
      expect((await patch({ metadata: { labels: { x: 'y' } } })).status).toBe(200);
      expect((await patch({ spec: { replicas: 3 } })).status).toBe(200);
      expect((await patch({ spec: { template: template('evil.io/other') } })).status).toBe(403);
      expect((await patch({ spec: { template: template(allowed) } })).status).toBe(200);
      expect((await patch({ spec: { template: template(refused) } })).status).toBe(403);
    });

    it('warn the client in mode warn and let it pass', async () => {
      const name = 'moorage-7d8f3c1e-later';
      const path = `${group}/validatingadmissionpolicybindings/${name}`;
      const changed = await api.patch(path, { spec: { validationActions: ['Warn', 'Audit'] } });
      expect(changed.status, changed.text).toBe(200);
      const reply = await vi.waitFor(async () => {
        const asked = await pod(refused, 'warned');
        expect(asked.status).toBe(201);
        return asked;
      }, 10_000);
      expect(String(reply.headers.warning)).toMatch(
        /^299 - "Validation failed for ValidatingAdmissionPolicy 'moorage-7d8f3c1e-later' with binding 'moorage-7d8f3c1e-later': Image \\"evil\.io\/org\/app:1\\" may not run here: .* \[moorage-7d8f3c1e-later [0-9a-f]{12}\]"$/,
      );
    });

    it('end with their binding', async () => {
      const path = `${group}/validatingadmissionpolicybindings/moorage-7d8f3c1e-guarded`;
      expect((await api.delete(path)).status).toBe(200);
      await vi.waitFor(async () => expect((await pod(refused)).status).toBe(201), 10_000);
    });
  });
}
