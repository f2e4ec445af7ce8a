import { describe, expect, it } from 'vitest';
import { countRequests, parseRequestTotals, subtractTotals } from './request-totals.js';

const line = (verb: string, code: string, count: string) =>
  `apiserver_request_total{code="${code}",component="apiserver",dry_run="",group="",resource="secrets",scope="resource",subresource="",verb="${verb}",version="v1"} ${count}`;

describe('request totals', () => {
  it('reads one total per line of the metric and nothing else', () => {
    const text = [
      `# HELP apiserver_request_total …`,
      line('POST', '201', '3'),
      'etcd_requests_total{a="b"} 9',
    ].join('\n');
    expect(parseRequestTotals(text)).toEqual([
      { verb: 'POST', resource: 'secrets', subresource: '', group: '', code: '201', count: 3 },
    ]);
  });

  it('reads counts in exponent form', () => {
    expect(countRequests(parseRequestTotals(line('POST', '201', '1.2e+06')))).toBe(1_200_000);
  });

  it('subtracts line by line', () => {
    const before = parseRequestTotals(
      [line('POST', '201', '3'), line('GET', '200', '5')].join('\n'),
    );
    const after = parseRequestTotals(
      [line('POST', '201', '4'), line('GET', '200', '5'), line('POST', '409', '1')].join('\n'),
    );
    const added = subtractTotals(after, before);
    expect(added.map(({ code, count }) => [code, count])).toEqual([
      ['201', 1],
      ['409', 1],
    ]);
    expect(countRequests(added, { verbs: ['POST'], code: '201' })).toBe(1);
  });
});
