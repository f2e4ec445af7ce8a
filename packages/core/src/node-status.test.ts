import { describe, expect, test } from 'vitest';
import { encodeNodeReport, type NodeReport } from './node-agent/node-report.js';
import { decideNodeStatuses, type NodeReading } from './node-status.js';

const now = Date.parse('2026-11-01T12:00:00Z');
const report: NodeReport = {
  version: 1,
  node: 'n1',
  distribution: 'k3s',
  versions: { distribution: 'v1.34.1+k3s1', runtime: null, agent: '0.1.0' },
  desiredHash: 'h2',
  appliedHash: 'h2',
  state: 'in-sync',
  restart: 'live',
  drift: [],
  replaced: [],
  omitted: 0,
  lastError: null,
  reportedAt: '2026-11-01T11:55:00.000Z',
};

function statusOf(text: string | undefined, overrides: Partial<NodeReading> = {}) {
  const reports = new Map(text === undefined ? [] : [['n1', text]]);
  const [status] = decideNodeStatuses({
    nodes: ['n1'],
    reports,
    desiredHash: 'h2',
    now,
    ...overrides,
  });
  return status;
}

describe('a node', () => {
  test.each<[string, Partial<NodeReport>, string]>([
    ['in sync with what is there now', {}, 'in-sync'],
    ['in sync with an older config', { desiredHash: 'h1', appliedHash: 'h1' }, 'pending'],
    ['edited by hand, whatever is there now', { state: 'drift', desiredHash: 'h1' }, 'drift'],
    ['in need of a restart', { state: 'restart-needed', restart: 'k3s' }, 'restart-needed'],
    ['restarting', { state: 'restarting' }, 'restarting'],
    ['that failed', { state: 'failed', lastError: { code: 'x', detail: 'y' } }, 'failed'],
    ['whose agent is behind', { state: 'pending' }, 'pending'],
    ['just not yet silent', { reportedAt: '2026-11-01T11:30:00.000Z' }, 'in-sync'],
    ['silent for too long', { reportedAt: '2026-11-01T11:29:59.000Z' }, 'no-report'],
  ])('%s', (_, overrides, state) => {
    const status = statusOf(encodeNodeReport({ ...report, ...overrides }));
    expect(status?.state).toBe(state);
    expect(status?.report?.versions.agent).toBe('0.1.0');
  });

  test('without a report has none', () => {
    expect(statusOf(undefined)).toEqual({
      node: 'n1',
      state: 'no-report',
      report: null,
      desiredHash: 'h2',
      lastError: null,
    });
  });

  test.each<[string, string]>([
    ['no JSON', '{'],
    ['of a newer agent', JSON.stringify({ ...report, version: 2 })],
    ['of another node', encodeNodeReport({ ...report, node: 'n2' })],
  ])('with a report that is %s has none, and says so', (_, text) => {
    expect(statusOf(text)).toMatchObject({
      state: 'no-report',
      lastError: { code: 'node-agent.report-unreadable' },
    });
  });

  test('is pending when the config was taken away', () => {
    expect(statusOf(encodeNodeReport(report), { desiredHash: null })?.state).toBe('pending');
    const none = encodeNodeReport({ ...report, desiredHash: null, appliedHash: null });
    expect(statusOf(none, { desiredHash: null })?.state).toBe('in-sync');
  });
});

test('every node is there once, by name, and reports of nodes that are gone are not', () => {
  const reports = new Map([['gone', encodeNodeReport({ ...report, node: 'gone' })]]);
  const statuses = decideNodeStatuses({ nodes: ['b', 'a'], reports, desiredHash: null, now });
  expect(statuses.map(({ node, state }) => [node, state])).toEqual([
    ['a', 'no-report'],
    ['b', 'no-report'],
  ]);
});
