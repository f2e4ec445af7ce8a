// The layers of ARCHITECTURE.md. Each rule says why it exists; there is no list of exceptions.

const PACKAGES = {
  core: [],
  contract: ['core'],
  dial: ['core'],
  sandbox: ['core'],
  kube: ['core', 'dial'],
  cli: ['core', 'contract'],
};

const TEST = '\\.test\\.tsx?$|/test/|/e2e/';

const mayOnlyImport = Object.entries(PACKAGES).map(([name, allowed]) => ({
  name: `${name}-imports-only-${allowed.join('-') || 'nothing-of-ours'}`,
  comment: `packages/${name} may build on ${allowed.join(', ') || 'no other workspace'}: the arrows point one way, so that a change is felt only above it.`,
  severity: 'error',
  from: { path: `^packages/${name}/src`, pathNot: TEST },
  to: { path: '^(packages|apps|bench)/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...mayOnlyImport,
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one idea in two places, and load in an order nobody chose.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-is-pure',
      comment:
        'The domain decides and never acts, so that it can be tested by tables and run in a browser.',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-imports-pure-libraries',
      comment: 'zod, yaml, re2js and smol-toml do no I/O; whatever else core imports could.',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: TEST },
      to: { path: 'node_modules', pathNot: 'node_modules/(zod|yaml|re2js|smol-toml)/' },
    },
    {
      name: 'testbed-and-bench-stay-outside',
      comment: 'Nothing that ships may depend on what starts real parts for tests and benchmarks.',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src', pathNot: `${TEST}|^packages/testbed/` },
      to: { path: '^(packages/testbed|bench)/' },
    },
    {
      name: 'nothing-imports-an-application',
      comment:
        'Applications are at the top: the API serves the built console, it never imports its code.',
      severity: 'error',
      from: { path: '^(packages|apps/console)/', pathNot: TEST },
      to: { path: '^apps/(api|agent)/' },
    },
    {
      name: 'agent-builds-on-core-and-kube',
      comment:
        'The agent runs as root on every node: it is small enough to be read, and knows nothing of the server.',
      severity: 'error',
      from: { path: '^apps/agent/src', pathNot: TEST },
      to: { path: '^(packages|apps|bench)/', pathNot: '^(apps/agent|packages/(core|kube))/' },
    },
    {
      name: 'agent-runs-without-its-image-tools',
      comment: 'What assembles the image, a bundler among it, must not end up inside of it.',
      severity: 'error',
      from: { path: '^apps/agent/src/(?!image/)', pathNot: TEST },
      to: { path: '^apps/agent/src/image/|node_modules/rolldown/' },
    },
    {
      name: 'api-does-not-import-the-console',
      comment:
        'The API serves the built console as a folder; an import would bind server code to React.',
      severity: 'error',
      from: { path: '^apps/api/src' },
      to: { path: '^apps/console/' },
    },
    {
      name: 'console-builds-on-contract-and-core',
      comment:
        'The console speaks to the server only by the contract; core runs in the browser for previews.',
      severity: 'error',
      from: { path: '^apps/console/src', pathNot: TEST },
      to: { path: '^packages/', pathNot: '^packages/(contract|core)/' },
    },
    {
      name: 'one-kubernetes-client',
      comment: 'Pooling, timeouts and user agent of cluster requests have one home: packages/kube.',
      severity: 'error',
      from: { pathNot: '^packages/kube/' },
      to: { path: 'node_modules/@kubernetes/client-node/' },
    },
    {
      name: 'prisma-only-in-repositories',
      comment:
        'A query outside a repository escapes the tenant scope that repository methods ask for.',
      severity: 'error',
      from: {
        path: '^apps/api/src',
        pathNot: `${TEST}|^apps/api/src/(database|generated)/|\\.repository\\.ts$`,
      },
      // A type alone cannot query.
      to: {
        path: 'node_modules/(@prisma|pg)/|^apps/api/src/generated/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'controllers-call-services',
      comment:
        'A controller that reads a repository skips the permission and the audit of the service.',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: '\\.(repository|client)\\.ts$|^apps/api/src/(database|generated)/' },
    },
    {
      name: 'repositories-stay-in-their-module',
      comment:
        'Another module is asked through its service, which keeps its rules in one place (a command wires by hand what a module wires).',
      severity: 'error',
      from: { path: '^apps/api/src/([^/]+)/', pathNot: `${TEST}|/commands/` },
      to: { path: '^apps/api/src/[^/]+/.*\\.repository\\.ts$', pathNot: '^apps/api/src/$1/' },
    },
    {
      name: 'presenters-have-no-effects',
      comment: 'Row to wire, field by field: with I/O in it a list becomes one query per row.',
      severity: 'error',
      from: { path: '\\.presenter\\.ts$' },
      to: {
        path: '\\.(repository|service|client|controller)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'console-layers',
      comment:
        'app composes features, features use components, components use lib; nothing points back.',
      severity: 'error',
      from: { path: '^apps/console/src/(components|lib|i18n)/', pathNot: TEST },
      to: { path: '^apps/console/src/(app|features)/' },
    },
    {
      name: 'features-do-not-import-routes',
      comment: 'A feature that knows a route cannot be shown anywhere else.',
      severity: 'error',
      from: { path: '^apps/console/src/features/' },
      to: { path: '^apps/console/src/app/' },
    },
    {
      name: 'no-feature-imports-a-feature-component',
      comment: 'Pages compose features; two that import each other’s components are one feature.',
      severity: 'error',
      from: { path: '^apps/console/src/features/([^/]+)/' },
      to: {
        path: '^apps/console/src/features/[^/]+/components/',
        pathNot: '^apps/console/src/features/$1/',
      },
    },
    {
      name: 'no-tests-in-source',
      comment: 'What ships must not load test code.',
      severity: 'error',
      from: { path: '/src/', pathNot: `${TEST}|vitest\\.config` },
      to: { path: '\\.test\\.tsx?$|^apps/[^/]+/(test|e2e)/' },
    },
    {
      name: 'resolvable',
      comment:
        'An import that resolves to nothing fails only when that line runs (`server-only` is a name inside Next.js; `.next/types` is made by its build).',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^server-only$|\\.next/types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(apps|packages)/[^/]+/(dist|\\.next|fixtures)/|^bench/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
  },
};
