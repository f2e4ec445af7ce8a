/** What the checker is asked about. Kept in memory alone: the document may hold passwords. */
export interface CheckerDraft {
  readonly document: string;
  readonly distribution: 'k3s' | 'rke2';
  readonly version: string;
  readonly disableDefaultEndpoint: boolean;
  readonly isEmbedded: boolean;
}

export const EMPTY_DRAFT: CheckerDraft = {
  document: '',
  distribution: 'k3s',
  version: '',
  disableDefaultEndpoint: false,
  isEmbedded: false,
};

/** Where the embedded registry listens on each node: the port of the supervisor. */
const EMBEDDED_AT = { k3s: '127.0.0.1:6443', rke2: '127.0.0.1:9345' } as const;

function optionsOf({ distribution, disableDefaultEndpoint, isEmbedded }: CheckerDraft) {
  return {
    disableDefaultEndpoint,
    ...(isEmbedded ? { embeddedRegistry: EMBEDDED_AT[distribution] } : {}),
  };
}

export function checkOf(draft: CheckerDraft) {
  const { document, distribution } = draft;
  const version = draft.version.trim();
  return {
    document,
    distribution,
    ...optionsOf(draft),
    ...(version === '' ? {} : { version }),
  };
}

export const ENGINES = ['k3s-containerd', 'containerd', 'rke2-bootstrap'] as const;
export type Engine = (typeof ENGINES)[number];

export interface PullDraft {
  readonly image: string;
  readonly engine: Engine;
  readonly pullSecret: string;
}

export const EMPTY_PULL: PullDraft = {
  image: 'nginx:1.29',
  engine: 'k3s-containerd',
  pullSecret: '',
};

export function pullOf(draft: CheckerDraft, { image, engine, pullSecret }: PullDraft) {
  return {
    image: image.trim(),
    engine,
    registriesYaml: draft.document,
    ...optionsOf(draft),
    ...(pullSecret.trim() === '' ? {} : { pullSecrets: [pullSecret.trim()] }),
  };
}

/** A login and a CA that no endpoint uses, because the key lacks the port. */
export const EXAMPLE = `mirrors:
  docker.io:
    endpoint:
      - "https://harbor.example.com:8443"
      - "https://mirror.example.com"
    rewrite:
      "^library/(.*)": "hub/$1"
configs:
  harbor.example.com:
    auth:
      username: puller
      password: not-a-real-password
    tls:
      ca_file: /etc/rancher/k3s/tls/harbor.crt
`;
