import { createLoader, parseAsStringLiteral } from 'nuqs/server';
import { type NodeFormat, nodeFormats } from '../../lib/node-formats';
import type { Input } from '../../lib/operations';
import { read } from '../../lib/reads';

export const mirrorFilters = {
  format: parseAsStringLiteral(nodeFormats).withDefault('k3s-registries.yaml'),
};

export const loadMirrorFilters = createLoader(mirrorFilters);

/** Mirrors of one environment are few; all of them are shown, in their order. */
const LIMIT = 500;

export type DraftMirrors = NonNullable<Input<'previewNodeConfig'>['body']['mirrors']>;

export const mirrorsOf = (env: string) =>
  read('listMirrors', { env, query: { limit: LIMIT, sort: 'position' } });
export const nodeConfigOf = (env: string, format: NodeFormat) =>
  read('getNodeConfig', { env, query: { format } });
/** What nodes would read with these mirrors in place of the stored ones. */
export const previewOf = (env: string, format: NodeFormat, mirrors: DraftMirrors) =>
  read('previewNodeConfig', { env, body: { format, mirrors } });
