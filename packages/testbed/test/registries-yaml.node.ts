/**
 * Our reading of `registries.yaml` against the code that nodes are built with: gopkg.in/yaml.v2 with
 * wharfie's structs for the loader, wharfie's endpoint rules and go-containerregistry's names for RKE2's
 * own first pull, and Go's `regexp` for rewrites.
 */
import { applyRewrite, loadRegistriesYaml, type PullPlan, planPull } from '@moorage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts } from '../src/index.js';
import { generateRewrite } from './generated-rewrites.js';
import { contentOf, contentOfProbe } from './registries-content.js';
import { generateDocument } from './registries-documents.js';
import { buildWharfieProbe, type ProbePull, type WharfieProbe } from './wharfie-probe.js';

/** More by MOORAGE_DOCUMENTS, others by MOORAGE_DOCUMENT_SEED. */
const wanted = Number(process.env.MOORAGE_DOCUMENTS ?? 2000);
const firstSeed = Number(process.env.MOORAGE_DOCUMENT_SEED ?? 1) * 1_000_000;
const timeout = 60_000 + wanted * 20;

const images = [
  ...['nginx', 'index.docker.io/team/app:1', 'registry.example.com/library/nginx:2'],
  ...['registry.example.com:5000/rancher.io/pause', 'quay.io/aaa/b', 'localhost:5000/x'],
  ...['localhost/x:1', 'Foo/bar', 'registry-1.docker.io/library/x', '10.0.0.1:80/nginx'],
  ...['127.0.0.1:5000/nginx', `quay.io/x/y@sha256:${'a'.repeat(64)}`],
];

const numbers = Array.from({ length: wanted }, (_, index) => firstSeed + index);

describe.skipIf(!hasParts('registry'))('registries.yaml as nodes read it', () => {
  let probe: WharfieProbe;

  beforeAll(async () => {
    probe = await buildWharfieProbe();
  });
  afterAll(() => probe?.remove());

  it(`loads or refuses ${wanted} documents like yaml.v2, with the same content`, {
    timeout,
  }, async () => {
    const documents = numbers.map(generateDocument);
    const loads = await probe.load(documents.map((document) => ({ document, images: [] })));
    const compared = documents.map((document, index) => {
      const loaded = loadRegistriesYaml(document);
      return {
        document,
        ours: loaded.loads ? contentOf(loaded.file) : null,
        theirs: loads[index]?.error === '' ? contentOfProbe(loads[index].file) : null,
      };
    });
    expect(compared.filter(isDifferent)).toEqual([]);
    const accepted = compared.filter(({ theirs }) => theirs !== null).length;
    process.stderr.write(`${wanted} documents, ${accepted} of them load\n`);
    // The generator reaches what this test is for.
    expect(accepted).toBeGreaterThan(wanted / 5);
    expect(wanted - accepted).toBeGreaterThan(wanted / 5);
  });

  it('plans the first pull of RKE2 like wharfie, for every document that loads', {
    timeout,
  }, async () => {
    const questions = numbers.map((seed) => ({ document: generateDocument(seed), images }));
    const loads = await probe.load(questions);
    const compared = questions.flatMap(({ document }, index) =>
      (loads[index]?.pulls ?? []).map((pull, at) => {
        const image = images[at] ?? '';
        const plan = planPull({ image, engine: 'rke2-bootstrap', registriesYaml: document });
        return {
          document,
          image,
          ours: plan.ok ? summaryOfPlan(plan.value) : null,
          theirs: summaryOfProbe(pull),
        };
      }),
    );
    expect(compared.filter(isDifferent)).toEqual([]);
    const attempts = compared.reduce((sum, { theirs }) => sum + (theirs?.length ?? 0), 0);
    process.stderr.write(`${compared.length} pulls with ${attempts} attempts\n`);
    expect(compared.length).toBeGreaterThan(wanted);
  });

  it(`rewrites ${wanted * 5} names like Go's regexp`, { timeout }, async () => {
    const rules = Array.from({ length: wanted * 5 }, (_, index) =>
      generateRewrite(firstSeed + index),
    );
    const answers = await probe.rewrite(rules);
    const compared = rules.map((rule, index) => {
      const { compiles, result } = applyRewrite(rule, rule.name);
      return { rule, ours: { compiles, result }, theirs: answers[index] };
    });
    expect(compared.filter(isDifferent)).toEqual([]);
    const changed = compared.filter(({ rule, theirs }) => theirs?.result !== rule.name).length;
    process.stderr.write(`${rules.length} rewrites, ${changed} of them change the name\n`);
    expect(changed).toBeGreaterThan(wanted / 2);
  });
});

function isDifferent({ ours, theirs }: { readonly ours: unknown; readonly theirs: unknown }) {
  return JSON.stringify(ours) !== JSON.stringify(theirs);
}

interface AttemptSummary {
  readonly endpoint: string;
  readonly isDefault: boolean;
  readonly login: string | null;
  /** Every name that may be asked for; rewrites have no order. */
  readonly asked: readonly string[];
}

/** Null when RKE2 refuses the name. */
function summaryOfPlan({ attempts, warnings }: PullPlan): readonly AttemptSummary[] | null {
  if (warnings.some(({ code }) => code === 'pull-plan.name-refused')) return null;
  const others = warnings.find(({ code }) => code === 'pull-plan.rewrite-ambiguous');
  const names = others?.parameters.names?.split(', ') ?? [];
  const own = hostOf(attempts.at(-1)?.endpoint ?? '');
  return attempts.map(({ endpoint, image, isDefault, credential }) => {
    const asked = cut(image.slice(image.indexOf('/') + 1).replace(/[:@](?=[^/]*$)[^/]*$/, ''));
    return {
      endpoint,
      isDefault,
      login: credential === null ? null : (credential.username ?? ''),
      // Rewrites do not apply on the registry's own host.
      asked: names.includes(asked) && hostOf(endpoint) !== own ? names.toSorted() : [asked],
    };
  });
}

/** The user in base64 of `user:password`. */
function userOf(auth: string): string {
  const [user, ...rest] = Buffer.from(auth, 'base64').toString().split(':');
  const isBase64 = auth.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(auth);
  return isBase64 && rest.length > 0 ? (user ?? '') : '';
}

/** As a warning shows a name. */
function cut(name: string): string {
  return name.length > 120 ? `${name.slice(0, 119)}…` : name;
}

function hostOf(endpoint: string): string {
  const host = endpoint.split('/')[2] ?? '';
  return host === 'docker.io' ? 'index.docker.io' : host;
}

function summaryOfProbe(pull: ProbePull): readonly AttemptSummary[] | null {
  if (pull.endpoints === null) return null;
  const rewritten = (pull.rewritten ?? []).map((each) => cut(each.split('|')[0] ?? ''));
  return pull.endpoints.map(({ url, isDefault, username, password, auth, token }, index, all) => ({
    // A request is made to scheme, host and path alone.
    endpoint: url.replace(/^([a-z]+:\/\/)[^/?#]*@/, '$1').replace(/[?#].*$/, ''),
    isDefault: index === all.length - 1,
    login: [username, password, auth, token].some((part) => part !== '')
      ? username || userOf(auth)
      : null,
    asked: isDefault ? [pull.repository] : rewritten.toSorted(),
  }));
}
