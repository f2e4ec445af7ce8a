/**
 * `moorage image-list`: a list of images, such as `k3s-images.txt`, prepared for mirroring: what is to
 * be copied where, the script that copies, and the mirrors that let nodes find the copies.
 */
import { buildRegistriesYaml, type ImageListPlan, planImageList } from '@moorage/core';
import { parseArguments, readInput } from '../arguments.js';
import type { Command, CommandIo, ExitCode } from '../command.js';
import { count, safeForTerminal } from '../terminal-text.js';
import { UsageError } from '../usage-error.js';

export const imageListCommand: Command = {
  name: ['image-list'],
  synopsis: 'FILE --target HOST[:PORT][/PATH] [--script | --json]',
  summary:
    'Prepare a list of images (k3s-images.txt) for mirroring; --script prints the copy with skopeo. Exit code 1 if a line cannot be copied.',
  async run(args, io) {
    const options = {
      target: { type: 'string' },
      script: { type: 'boolean' },
      json: { type: 'boolean' },
    } as const;
    const parsed = parseArguments(args, options, ['FILE']);
    const target = parsed.text('target');
    if (target === undefined) {
      throw new UsageError('--target is needed: the registry that the images are copied to');
    }
    if (parsed.flag('script') && parsed.flag('json')) {
      throw new UsageError('--script and --json are two answers; choose one');
    }
    const [path = ''] = parsed.positionals;
    const planned = planImageList({ document: await readInput(io, path), target });
    if (!planned.ok) {
      throw new UsageError(`--target: ${planned.error.detail}`);
    }
    return answer(io, path, planned.value, parsed.flag);
  },
};

function answer(
  io: CommandIo,
  path: string,
  plan: ImageListPlan,
  flag: (name: string) => boolean,
): ExitCode {
  if (flag('json')) {
    io.write(`${JSON.stringify(plan, null, 2)}\n`);
  } else {
    io.write(flag('script') ? plan.script : safeForTerminal(formatPlan(plan)));
    io.writeError(safeForTerminal(formatProblems(path, plan)));
  }
  return plan.problems.length === 0 ? 0 : 1;
}

function formatPlan({ images, duplicates, mirrors }: ImageListPlan): string {
  const again = duplicates === 0 ? '' : `, ${count(duplicates, 'line')} named again`;
  const { files } = buildRegistriesYaml(
    { mirrors, registries: [] },
    { distribution: 'k3s', secrets: 'masked' },
  );
  const yaml = (files[0]?.content ?? '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  return [
    ...images.map(({ source, target }) => `${source} → ${target}`),
    `${count(images.length, 'image')}${again}`,
    '',
    '# registries.yaml of the nodes',
    yaml,
  ].join('\n');
}

function formatProblems(path: string, { problems }: ImageListPlan): string {
  const name = path === '-' ? 'standard input' : path;
  return problems
    .map(({ line, text, detail, code }) => `${name}:${line}: ${text}: ${detail} (${code})\n`)
    .join('');
}
