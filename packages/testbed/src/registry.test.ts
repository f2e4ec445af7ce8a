import { describe, expect, it } from 'vitest';
import { parseAccessLog } from './registry.js';

describe('the access log of docker-registry', () => {
  it('gives method, path with query, status and user agent', () => {
    const text = [
      'time="2026-11-21T07:00:00Z" level=warning msg="No HTTP secret provided"',
      '127.0.0.1 - - [21/Nov/2026:07:00:00 +0000] "GET /v2/ HTTP/1.1" 401 87 "" "moorage-testbed-probe"',
      '127.0.0.1 - - [21/Nov/2026:07:00:01 +0000] "HEAD /v2/team/app/manifests/1?ns=a.example HTTP/1.1" 200 402 "" "containerd/1.6.20"',
    ].join('\n');
    expect(parseAccessLog(text)).toEqual([
      {
        method: 'HEAD',
        path: '/v2/team/app/manifests/1?ns=a.example',
        status: 200,
        userAgent: 'containerd/1.6.20',
      },
    ]);
  });
});
