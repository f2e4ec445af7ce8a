// What the documents name exists: paths, links, script names, environment variables. And the other way round, the
// README's table knows every variable that the server reads.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at, root } from './bootstrap/paths.mjs';
import { listWorkspaces } from './bootstrap/workspaces.mjs';
import { finish } from './check-result.mjs';

const SKIPPED = /(^|\/)(node_modules|dist|\.next|\.turbo|generated|\.git|\.moorage)(\/|$)/;
const read = (file) => readFileSync(at(file), 'utf8');

const filesBelow = (folder) =>
  readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length))
    .filter((file) => !SKIPPED.test(file));

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...filesBelow('docs').filter((name) => name.endsWith('.md')),
];

// --- paths and links --------------------------------------------------------

const TOP = /^(apps|packages|bench|prisma|scripts|docs|\.ci)\/[\w./@*-]*$/;
const ROOT_FILE = /^[\w.-]+\.(md|json|yml|yaml|mjs|cjs)$|^(Dockerfile|LICENSE)$/;

const codeSpans = (text) => [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]);
const withoutFences = (text) => text.replace(/^```[\s\S]*?^```/gm, '');

function pathProblems(document, text) {
  return codeSpans(withoutFences(text))
    .filter((span) => TOP.test(span) || (ROOT_FILE.test(span) && span[0] === span[0].toUpperCase()))
    .map((span) => span.split('*')[0].replace(/\/$/, ''))
    .filter((path) => path !== '' && !existsSync(at(path)))
    .map((path) => `${document}: names ${path}, which does not exist`);
}

const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (file) =>
  [...withoutFences(read(file)).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1]));

function linkProblems(document, text) {
  const links = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .flatMap((link) => {
      const [path, anchor] = link.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      if (!existsSync(at(file))) return [`${document}: links to ${link}, which does not exist`];
      const isKnown = !anchor || !file.endsWith('.md') || anchorsOf(file).includes(anchor);
      return isKnown ? [] : [`${document}: links to ${link}, which has no such heading`];
    });
}

// --- the tree in a fenced block marked `tree` -------------------------------

function treeProblems(document, text) {
  const blocks = [...text.matchAll(/^```tree\n([\s\S]*?)^```/gm)].map((match) => match[1]);
  return blocks.flatMap((block) => {
    const parents = [];
    return block.split('\n').flatMap((line) => {
      const match = /^( *)(\S+)/.exec(line);
      if (!match) return [];
      const depth = match[1].length / 2;
      parents.splice(depth, Number.POSITIVE_INFINITY, match[2].replace(/\/$/, ''));
      const path = parents.join('/');
      return existsSync(at(path))
        ? []
        : [`${document}: its tree names ${path}, which does not exist`];
    });
  });
}

// --- scripts ----------------------------------------------------------------

const rootScripts = JSON.parse(read('package.json')).scripts;
const workspaceScripts = new Map(
  listWorkspaces().flatMap(({ name, folder, manifest }) => [
    [name, manifest.scripts ?? {}],
    [folder, manifest.scripts ?? {}],
  ]),
);

function scriptProblems(document, text) {
  const runs = [
    ...text.matchAll(/npm run ([\w:-]+)(?: (?:--workspace|-w)[ =]([\w@/-]+))?/g),
    ...text.matchAll(/npm (start|test)\b()/g),
  ];
  return runs
    .filter(
      ([, name, workspace]) => !(workspace ? workspaceScripts.get(workspace) : rootScripts)?.[name],
    )
    .map(([, name]) => `${document}: names the script ${name}, which does not exist`);
}

// --- environment variables --------------------------------------------------

const VARIABLE = /\bMOORAGE_[A-Z][A-Z_]*[A-Z]\b/g;
const CODE = /\.(ts|tsx|mts|mjs|cjs|go|yml|yaml)$|(^|\/)(Dockerfile|run)$/;

const code = ['apps', 'packages', 'bench', 'scripts', '.ci']
  .flatMap((folder) => (existsSync(at(folder)) ? filesBelow(folder) : []))
  .concat(['Dockerfile', 'docker-compose.yml'].filter((file) => existsSync(at(file))))
  .filter((file) => CODE.test(file) && !file.endsWith('check-docs.mjs'));
const knownVariables = new Set(code.flatMap((file) => read(file).match(VARIABLE) ?? []));

// A shell example may bring variables of its own: `NAME=…`, or `: "${NAME:?meaning}"`.
const ownVariables = (text) =>
  [...text.matchAll(/^(?:export )?([A-Z][A-Z_]+)=|^: "\$\{([A-Z][A-Z_]+):/gm)].map(
    (match) => match[1] ?? match[2],
  );

function variableProblems(document, text) {
  const own = new Set(ownVariables(text));
  return [...new Set(text.match(VARIABLE) ?? [])]
    .filter((name) => !knownVariables.has(name) && !own.has(name))
    .map((name) => `${document}: names the variable ${name}, which nothing reads`);
}

const ENVIRONMENT = 'apps/api/src/config/env.ts';

function missingVariables() {
  if (!existsSync(at(ENVIRONMENT)) || !existsSync(at('README.md'))) return [];
  // What the server sets for its own console is not for people.
  const source = read(ENVIRONMENT).replace(/process\.env\['\w+'\] = /g, '');
  const names = source.match(/\b(?:MOORAGE_[A-Z_]+|DATABASE_URL|LOG_LEVEL|PORT|HOST)\b/g);
  const table = read('README.md');
  return [...new Set(names)]
    .filter((name) => !table.includes(`\`${name}\``))
    .map((name) => `README.md: its table lacks ${name}, which ${ENVIRONMENT} reads`);
}

finish('docs', [
  ...documents.flatMap((document) => {
    const text = read(document);
    return [pathProblems, linkProblems, treeProblems, scriptProblems, variableProblems].flatMap(
      (check) => check(document, text),
    );
  }),
  ...missingVariables(),
]);
