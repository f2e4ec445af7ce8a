import { describe, expect, it } from 'vitest';
import { agentPlace, nodeReportName } from './agent-place.js';
import {
  decodeNodeReport,
  encodeNodeReport,
  type NodeReport,
  nodeReportMaxBytes,
  nodeReportMaxEntries,
} from './node-report.js';

const report: NodeReport = {
  version: 1,
  node: 'worker-1',
  distribution: 'k3s',
  versions: {
    distribution: 'v1.31.4+k3s1',
    runtime: 'containerd://1.7.23-k3s2',
    agent: '0.1.0',
  },
  desiredHash: 'k1:aa',
  appliedHash: null,
  state: 'drift',
  restart: 'live',
  drift: [{ path: '/etc/rancher/k3s/registries.yaml', change: 'changed' }],
  replaced: [],
  omitted: 0,
  lastError: { code: 'config.refused', detail: 'registries.yaml, line 3' },
  reportedAt: '2026-11-26T22:00:00.000Z',
};

describe('a report', () => {
  it('is read as it was written', () => {
    expect(decodeNodeReport(encodeNodeReport(report))).toEqual({ ok: true, value: report });
  });

  it('gives the same bytes whatever the order of its fields', () => {
    const reversed = Object.fromEntries(Object.entries(report).reverse());
    expect(encodeNodeReport(reversed as NodeReport)).toBe(encodeNodeReport(report));
  });

  it('says how many entries it leaves out, and stays within its limit with every list full', () => {
    const path = `/${'p'.repeat(500)}`;
    const count = nodeReportMaxEntries + 7;
    const full: NodeReport = {
      ...report,
      drift: Array.from({ length: count }, () => ({ path, change: 'changed' as const })),
      replaced: Array.from({ length: count }, () => ({ path, backup: path })),
    };
    const text = encodeNodeReport(full);
    expect(text.length).toBeLessThan(nodeReportMaxBytes);
    const decoded = decodeNodeReport(text);
    expect(decoded.ok && [decoded.value.drift.length, decoded.value.omitted]).toEqual([100, 14]);
  });

  it('cuts an endless error', () => {
    const decoded = decodeNodeReport(
      encodeNodeReport({ ...report, lastError: { code: 'x', detail: 'y'.repeat(5000) } }),
    );
    expect(decoded.ok && decoded.value.lastError?.detail.length).toBe(1000);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /not JSON/],
    ['a list', '[]', /the report/],
    ['another version', JSON.stringify({ ...report, version: 2 }), /^version/],
    ['a field that nobody knows', JSON.stringify({ ...report, password: 'x' }), /password/],
    ['a state that is none', JSON.stringify({ ...report, state: 'fine' }), /^state/],
    ['a time that is none', JSON.stringify({ ...report, reportedAt: 'now' }), /^reportedAt/],
    ['more than fits', ' '.repeat(nodeReportMaxBytes + 1), /longer than/],
  ])('is none with %s', (_, text, reason) => {
    const decoded = decodeNodeReport(text);
    expect(decoded.ok ? '' : decoded.error).toMatch(reason);
  });
});

describe('the name of a report', () => {
  it('carries the name of its node', () => {
    expect(nodeReportName('worker-1.example.com')).toBe('moorage-node-worker-1.example.com');
    expect(agentPlace.namespace).toBe('moorage-system');
  });

  it('does not exist for a node whose name is as long as names can be', () => {
    expect(nodeReportName('n'.repeat(240))).not.toBeNull();
    expect(nodeReportName('n'.repeat(241))).toBeNull();
    expect(nodeReportName('')).toBeNull();
  });
});
