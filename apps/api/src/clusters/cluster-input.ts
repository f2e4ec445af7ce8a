/** From what people give (a kubeconfig, or server, CA and token) to an access that can be sealed. */
import type { ClusterCreate, ClusterUpdate, KubeconfigInspection } from '@moorage/contract';
import { Err, Ok, type Result } from '@moorage/core';
import { type ClusterAccess, type KubeconfigError, parseKubeconfig } from '@moorage/kube';
import type { z } from 'zod';
import { Problem } from '../http/problem.js';

type AccessInput = Pick<
  z.output<typeof ClusterCreate> & z.output<typeof ClusterUpdate>,
  'kubeconfig' | 'context' | 'server' | 'caCertificate' | 'token'
>;

/** Null when the input holds no access at all. Throws the problem that names the reason. */
export function readAccess(input: AccessInput): ClusterAccess | null {
  if (input.kubeconfig === undefined && input.server === undefined && input.token === undefined) {
    if (input.caCertificate === undefined && input.context === undefined) return null;
    throw invalid('kubeconfig', 'kubeconfig.incomplete', 'New access replaces the old one whole.');
  }
  const parsed = input.kubeconfig === undefined ? fromParts(input) : fromKubeconfig(input);
  if (!parsed.ok) {
    const { code, detail, snippet, contexts } = parsed.error;
    throw new Problem('cluster.kubeconfig-invalid', detail, {
      errors: [{ pointer: '/kubeconfig', code, detail }],
      members: { snippet: snippet ?? null, contexts: contexts ?? null },
    });
  }
  return parsed.value;
}

function fromKubeconfig(input: AccessInput): Result<ClusterAccess, KubeconfigError> {
  const options = input.context === undefined ? {} : { context: input.context };
  const parsed = parseKubeconfig(input.kubeconfig ?? '', options);
  return parsed.ok ? Ok(parsed.value.access) : Err(parsed.error);
}

/** Written as the kubeconfig that it stands for, so that one set of rules decides. */
function fromParts({
  server,
  caCertificate,
  token,
}: AccessInput): Result<ClusterAccess, KubeconfigError> {
  if (server === undefined || token === undefined) {
    throw invalid('server', 'kubeconfig.incomplete', 'Give the server and a token.');
  }
  const authority =
    caCertificate === undefined || caCertificate.trim() === ''
      ? {}
      : { 'certificate-authority-data': Buffer.from(caCertificate, 'utf8').toString('base64') };
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'moorage',
    contexts: [{ name: 'moorage', context: { cluster: 'moorage', user: 'moorage' } }],
    clusters: [{ name: 'moorage', cluster: { server, ...authority } }],
    users: [{ name: 'moorage', user: { token } }],
  };
  return fromKubeconfig({ kubeconfig: JSON.stringify(document) });
}

function invalid(pointer: string, code: string, detail: string): Problem {
  return new Problem('request.invalid', undefined, {
    errors: [{ pointer: `/${pointer}`, code, detail }],
  });
}

export function inspectKubeconfig(kubeconfig: string, context?: string): KubeconfigInspection {
  const parsed = parseKubeconfig(kubeconfig, context === undefined ? {} : { context });
  if (!parsed.ok) {
    const { code, detail, snippet, contexts } = parsed.error;
    return {
      ok: false,
      contexts: [...(contexts ?? [])],
      context: null,
      server: null,
      accessKind: null,
      problem: { code, detail, snippet: snippet ?? null },
    };
  }
  const { access, contexts } = parsed.value;
  return {
    ok: true,
    contexts: [...contexts],
    context: parsed.value.context,
    server: access.server,
    accessKind: access.auth.kind === 'client-certificate' ? 'client-certificate' : 'token',
    problem: null,
  };
}
