// Every file is where its name says and named as the house style has it; there is no list of exceptions.
//
// `--record-migrations` adds the checksums of new migrations; it never changes one that is recorded.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { at } from './bootstrap/paths.mjs';
import { hasTestFiles } from './bootstrap/test-files.mjs';
import { listWorkspaces } from './bootstrap/workspaces.mjs';
import { finish } from './check-result.mjs';

const SOURCE = /\.(ts|tsx|mts|mjs)$/;
const TEST = /\.test\.tsx?$/;
const SKIPPED = /(^|\/)(node_modules|dist|\.next|\.turbo|generated|fixtures)(\/|$)/;

const filesBelow = (folder) =>
  existsSync(at(folder))
    ? readdirSync(at(folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${entry.parentPath}/${entry.name}`.slice(at().length))
        .filter((file) => !SKIPPED.test(file))
    : [];

const workspaces = listWorkspaces();
const sources = [...workspaces.map(({ folder }) => folder), 'scripts']
  .flatMap(filesBelow)
  .filter((file) => SOURCE.test(file) && !file.endsWith('.d.ts'));
const stem = (file) => basename(file).replace(TEST, '').replace(SOURCE, '');

// --- names ------------------------------------------------------------------

// Words that say nothing about what is inside, so that anything may end up there.
const EMPTY_WORDS =
  /(^|[-.])(utils?|helpers?|common|shared|misc|manager|handler|processor|base|impl|v2)($|[-.])/;
const EMPTY_CLASS =
  /\bclass \w*(Utils?|Helpers?|Common|Misc|Manager|Handler|Processor|Base|Impl)\b/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
// Next.js gives brackets, parentheses and underscores in folder names a meaning.
const FOLDER =
  /^(\.?[a-z0-9]+([-.][a-z0-9]+)*|\(\w[\w-]*\)|\[{1,2}(\.\.\.)?\w+\]{1,2}|_[a-z-]+|@[a-z]+)$/;

// A concept of core that outgrew one file became a folder of the same name, so that its callers did not change.
const isInnerBarrel = (file) =>
  stem(file) === 'index' &&
  file.includes('/src/') &&
  !/^(packages\/[\w-]+|bench)\/src\/index\.ts$|^packages\/core\/src\/[\w-]+\/index\.ts$/.test(file);

function nameProblems(file) {
  const problems = [];
  if (!KEBAB.test(stem(file))) problems.push(`${file}: not kebab-case`);
  for (const folder of dirname(file).split('/')) {
    if (!FOLDER.test(folder)) problems.push(`${file}: folder "${folder}" is not kebab-case`);
    if (EMPTY_WORDS.test(folder)) problems.push(`${file}: "${folder}" does not say what is inside`);
  }
  if (EMPTY_WORDS.test(stem(file))) problems.push(`${file}: the name does not say what is inside`);
  const empty = EMPTY_CLASS.exec(readFileSync(at(file), 'utf8'));
  if (empty) problems.push(`${file}: "${empty[0]}" does not say what it is`);
  if (isInnerBarrel(file)) {
    problems.push(
      `${file}: only src/index.ts of a package, or of a folder-sized concept of core, gathers exports`,
    );
  }
  return problems;
}

// --- sizes and depth --------------------------------------------------------

// Past these a file holds more than one idea; tests are lists and may be longer.
const MAX_LINES = 300;
const MAX_TEST_LINES = 400;
// Counted from the root. In the console routes are folders: eight of them below its `src`.
const MAX_DEPTH = 5;
const MAX_CONSOLE_DEPTH = 11;

function sizeProblems(file) {
  const lines = readFileSync(at(file), 'utf8').split('\n').length - 1;
  const limit = TEST.test(file) || file.includes('/test/') ? MAX_TEST_LINES : MAX_LINES;
  const depth = dirname(file).split('/').length;
  const maxDepth = file.startsWith('apps/console/') ? MAX_CONSOLE_DEPTH : MAX_DEPTH;
  return [
    ...(lines > limit ? [`${file}: ${lines} lines, at most ${limit}`] : []),
    ...(depth > maxDepth ? [`${file}: ${depth} folders deep, at most ${maxDepth}`] : []),
  ];
}

// --- API modules ------------------------------------------------------------

// What a file of an API module may hold; CONTRIBUTING.md says what each may not.
const API_KINDS = [
  'module',
  'controller',
  'service',
  'repository',
  'presenter',
  'client',
  'job',
  'fake',
  // Nest's own roles around a request, in http/ and auth/.
  'guard',
  'filter',
  'interceptor',
  'pipe',
  'decorator',
];
// One per noun, so their names carry the folder's noun.
const NOUN_KINDS = ['module', 'controller', 'service', 'repository', 'presenter'];

function apiProblems(file) {
  const parts = file.split('/');
  if (!file.startsWith('apps/api/src/') || parts.length < 5) return [];
  const [, kind, ...rest] = stem(file).split('.');
  if (kind === undefined) return [];
  if (rest.length > 0 || !API_KINDS.includes(kind)) {
    return [
      `${file}: ".${[kind, ...rest].join('.')}" is not in the vocabulary (${API_KINDS.join(', ')})`,
    ];
  }
  const siblings = filesBelow(dirname(file)).map(stem);
  const needsModule = NOUN_KINDS.includes(kind) && parts.length === 5;
  return needsModule && !siblings.some((name) => name.endsWith('.module'))
    ? [`${file}: its folder has no .module file`]
    : [];
}

// Reading the environment anywhere else would hide a setting from the table in README.md.
const ENVIRONMENT_READERS = [
  'apps/api/src/config/env.ts',
  'apps/console/src/lib/env.ts',
  'apps/agent/src/env.ts',
];

const environmentProblems = (file) =>
  /^apps\/\w+\/src\//.test(file) &&
  !TEST.test(file) &&
  !ENVIRONMENT_READERS.includes(file) &&
  /\bprocess\.env\b/.test(readFileSync(at(file), 'utf8'))
    ? [`${file}: reads process.env; only ${ENVIRONMENT_READERS.join(', ')} may`]
    : [];

// --- console features -------------------------------------------------------

const FEATURE_FILES = ['loaders.ts', 'actions.ts', 'labels.ts'];

function featureProblems(file) {
  const match = /^apps\/console\/src\/features\/[^/]+\/(.+)$/.exec(file);
  if (!match || match[1].startsWith('components/') || TEST.test(file)) return [];
  return FEATURE_FILES.includes(match[1])
    ? []
    : [`${file}: a feature holds ${FEATURE_FILES.join(', ')} and components/`];
}

// --- workspaces -------------------------------------------------------------

// turbo skips a workspace without the script in silence, so the set is fixed here.
const REQUIRED_SCRIPTS = ['build', 'typecheck', 'test:unit'];
const KNOWN_SCRIPTS = [
  ...REQUIRED_SCRIPTS,
  'dev',
  'generate',
  'test:api',
  'test:kube',
  'test:node',
  'test:e2e',
  'openapi',
  'db:migrate',
  'db:reset',
  'demo:reset',
  'admin:password',
  'agent:image',
];

// Every workspace has the script for units, also before its first one.
const SIZES = ['api', 'kube', 'node', 'e2e'];

function workspaceProblems({ folder, manifest }) {
  const names = Object.keys(manifest.scripts ?? {});
  return [
    ...REQUIRED_SCRIPTS.filter((name) => !names.includes(name)).map(
      (name) => `${folder}/package.json: has no script "${name}"`,
    ),
    ...names
      .filter((name) => !KNOWN_SCRIPTS.includes(name))
      .map((name) => `${folder}/package.json: script "${name}" is not one of the known names`),
    ...SIZES.filter((size) => names.includes(`test:${size}`) && !hasTestFiles(folder, size)).map(
      (size) => `${folder}: has the script test:${size} but no *.${size}.test.ts`,
    ),
    ...(manifest.license === 'Apache-2.0' ? [] : [`${folder}/package.json: no license Apache-2.0`]),
  ];
}

// --- migrations and decisions -----------------------------------------------

const MIGRATIONS = 'prisma/migrations';
const CHECKSUMS = `${MIGRATIONS}/checksums.txt`;

const migrations = filesBelow(MIGRATIONS)
  .filter((file) => file.endsWith('.sql'))
  .sort();
const checksumOf = (file) =>
  createHash('sha256')
    .update(readFileSync(at(file)))
    .digest('hex');

function recordedChecksums() {
  if (!existsSync(at(CHECKSUMS))) return new Map();
  const lines = readFileSync(at(CHECKSUMS), 'utf8').trim().split('\n');
  return new Map(lines.map((line) => line.split('  ').reverse()));
}

function migrationProblems() {
  const recorded = recordedChecksums();
  const name = (file) => file.slice(MIGRATIONS.length + 1);
  const edited = migrations.flatMap((file) => {
    const expected = recorded.get(name(file));
    if (!expected)
      return [`${file}: not recorded; run node scripts/check-structure.mjs --record-migrations`];
    return expected === checksumOf(file)
      ? []
      : [`${file}: edited after it was recorded; add a new migration`];
  });
  const lost = [...recorded.keys()]
    .filter((each) => !migrations.some((file) => name(file) === each))
    .map((each) => `${MIGRATIONS}/${each}: recorded but gone`);
  return [...edited, ...lost, ...numberProblems(migrations)];
}

function recordMigrations() {
  const recorded = recordedChecksums();
  for (const file of migrations) {
    const name = file.slice(MIGRATIONS.length + 1);
    if (!recorded.has(name)) recorded.set(name, checksumOf(file));
  }
  const lines = [...recorded].map(([name, checksum]) => `${checksum}  ${name}\n`);
  writeFileSync(at(CHECKSUMS), lines.join(''));
}

/** Numbered files count 0001, 0002, … without a gap or a double. */
function numberProblems(files) {
  return files.flatMap((file, index) => {
    const expected = String(index + 1).padStart(4, '0');
    return basename(file).startsWith(`${expected}-`) || basename(file).startsWith(`${expected}_`)
      ? []
      : [`${file}: expected the number ${expected} here`];
  });
}

const decisions = filesBelow('docs/adr').sort();

if (process.argv.includes('--record-migrations')) recordMigrations();

finish('structure', [
  ...sources.flatMap(nameProblems),
  ...sources.flatMap(sizeProblems),
  ...sources.flatMap(apiProblems),
  ...sources.flatMap(environmentProblems),
  ...sources.flatMap(featureProblems),
  ...workspaces.flatMap(workspaceProblems),
  ...migrationProblems(),
  ...numberProblems(decisions),
]);
