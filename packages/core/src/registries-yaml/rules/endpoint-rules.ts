/**
 * Traps in single endpoints of a mirror.
 *
 * Sources: K3s `pkg/agent/containerd/config.go`; containerd `core/remotes/docker/config/hosts.go`.
 *
 * Does not handle: whether an endpoint answers.
 */
import { shown, visibleText } from '../../finding-parameters.js';
import { type Finding, found } from '../diagnostic.js';
import { portOf, withoutLogin } from '../go-url.js';
import { describeUrlProblem } from '../url-problem.js';
import { configOf, type PlacedEndpoint, type Rule, type RuleContext } from './rule.js';

export const checkEndpoints: Rule = (context) => [
  ...context.built.notes.flatMap((note) => explainNote(context, note)),
  ...context.endpoints.flatMap((endpoint) => [
    ...checkAddress(endpoint),
    ...checkPath(endpoint),
    ...checkDefault(context, endpoint),
    ...checkPlainHttp(context, endpoint),
  ]),
];

function explainNote(
  { file, options }: RuleContext,
  note: RuleContext['built']['notes'][number],
): readonly Finding[] {
  const mirror = file.mirrors.get(note.registry);
  if (note.endpoint === null) {
    const section = mirror === undefined ? 'configs' : 'mirrors';
    const at = mirror?.at ?? file.configs.get(note.registry)?.at;
    return at && note.problem
      ? [
          found('error', 'registry-invalid', [section, note.registry], at, {
            message: `${shown(note.registry)} cannot be made into an endpoint: ${describeUrlProblem(note.problem)}. The entry is passed over.`,
            parameters: { registry: visibleText(note.registry), reason: note.problem },
          }),
        ]
      : [];
  }
  // The embedded registry was put in front of the written endpoints.
  const index = note.endpoint - (options.embeddedRegistry === null ? 0 : 1);
  const endpoint = mirror?.endpoints[index];
  if (endpoint === undefined) {
    return [];
  }
  const path = ['mirrors', note.registry, 'endpoint', index];
  return note.problem === null
    ? [
        found('warning', 'duplicate-endpoint', path, endpoint.at, {
          message: 'This is the same URL as an endpoint before it and is dropped.',
          suggestion: 'Remove it.',
        }),
      ]
    : [
        found('warning', 'endpoint-invalid', path, endpoint.at, {
          message: `This endpoint is ignored: ${describeUrlProblem(note.problem)}.`,
          suggestion: 'Write [scheme://]host[:port][/path].',
          parameters: { reason: note.problem },
        }),
      ];
}

function checkAddress({ address, path, at }: PlacedEndpoint): readonly Finding[] {
  const { parsed } = address;
  const findings: Finding[] = [];
  if (parsed.host === '') {
    findings.push(
      found('warning', 'endpoint-without-host', path, at, {
        message: `This endpoint has no host and becomes the useless ${shown(withoutLogin(address.url))}.`,
        suggestion: 'Write the host, or remove the line.',
        parameters: { url: visibleText(withoutLogin(address.url)) },
      }),
    );
  }
  if (parsed.scheme !== 'http' && parsed.scheme !== 'https') {
    findings.push(
      found('warning', 'endpoint-scheme', path, at, {
        message: `The scheme ${shown(parsed.scheme)} is kept, and no registry speaks it.`,
        suggestion: 'Write https:// or http://.',
        parameters: { scheme: visibleText(parsed.scheme) },
      }),
    );
  }
  if (parsed.userinfo !== null) {
    findings.push(
      found('warning', 'endpoint-userinfo', path, at, {
        message:
          'A login in the URL is not used for pulling, and is written in clear into hosts.toml.',
        suggestion: `Put it under configs[${shown(address.registry)}].auth.`,
        parameters: { host: visibleText(address.registry) },
      }),
    );
  }
  if (parsed.query !== '' || parsed.fragment !== '') {
    findings.push(
      found('warning', 'endpoint-query', path, at, {
        message: 'Query and fragment of an endpoint are never sent.',
        suggestion: 'Remove everything from ? or # on.',
      }),
    );
  }
  if (parsed.host === 'index.docker.io') {
    findings.push(
      found('warning', 'endpoint-index-docker-io', path, at, {
        message:
          'index.docker.io is not the default endpoint of docker.io but a further one, with settings of its own.',
        suggestion: 'Write https://registry-1.docker.io, as the last endpoint.',
      }),
    );
  }
  if (parsed.host.startsWith('[')) {
    findings.push(
      found('info', 'endpoint-ipv6', path, at, {
        message: 'Older releases reject hosts.toml when an endpoint is an IPv6 address.',
        suggestion: 'Use a host name if such releases are around.',
      }),
    );
  }
  return findings;
}

function checkPath({ address, path, at }: PlacedEndpoint): readonly Finding[] {
  const { parsed } = address;
  if (!address.overridePath) {
    return [];
  }
  if (parsed.path.replace(/\/+$/, '') === '/v2') {
    const plain = withoutLogin(address.url).replace(/\/+$/, '');
    return [
      found('info', 'endpoint-trailing-slash', path, at, {
        message:
          'The closing slash makes this another path than /v2: it is taken as the API root as it stands.',
        suggestion: `Write ${shown(plain)}.`,
        parameters: { url: visibleText(plain) },
      }),
    ];
  }
  // `/v2/project` and `/artifactory/api/docker/v2` are API roots; anything else is most likely a
  // project that was meant as a prefix of the repository.
  if (parsed.path.split('/').includes('v2')) {
    return [];
  }
  const project = visibleText(parsed.path.replace(/^\/+|\/+$/g, ''));
  const root = visibleText(parsed.path.replace(/\/+$/, ''));
  return [
    found('warning', 'endpoint-path-is-api-root', path, at, {
      message: `${shown(parsed.path)} replaces /v2 as the root of the API; requests go to ${root}/<repository>/manifests/….`,
      suggestion: `For a project named ${shown(project)} write the path /v2/${project}, or a rewrite "(.*)": "${project}/$1" with the plain host.`,
      parameters: { path: visibleText(parsed.path), root, project },
    }),
  ];
}

function checkDefault(context: RuleContext, endpoint: PlacedEndpoint): readonly Finding[] {
  const { address, registry, isLast, path, at } = endpoint;
  const directory = registry === '*' ? '_default' : registry;
  const fallback = context.built.hosts.get(directory)?.default;
  if (isLast || !fallback?.url || fallback.url !== address.url) {
    return [];
  }
  return [
    found('warning', 'default-not-last', path, at, {
      message:
        'This is the default endpoint; listed before others it is tried here and once more at the end.',
      suggestion: 'List it last, or leave it out.',
    }),
  ];
}

function checkPlainHttp(context: RuleContext, endpoint: PlacedEndpoint): readonly Finding[] {
  const { address, path, at } = endpoint;
  const config = configOf(context, address.registry);
  if (address.parsed.scheme !== 'http') {
    return [];
  }
  const findings: Finding[] = [];
  const hasTls =
    config?.tls && (config.tls.caFile || config.tls.certFile || config.tls.insecureSkipVerify);
  if (hasTls && portOf(address.parsed.host) !== '80') {
    findings.push(
      found('warning', 'http-with-tls', path, at, {
        message:
          'An http endpoint with TLS settings is tried by https first, and by http only after that failed.',
        suggestion: 'Remove the tls block, or write https://.',
      }),
    );
  }
  if (config?.auth) {
    findings.push(
      found('warning', 'login-in-clear', path, at, {
        message: 'The login for this endpoint is sent without encryption.',
        suggestion: 'Write https:// if the registry can.',
      }),
    );
  }
  return findings;
}
