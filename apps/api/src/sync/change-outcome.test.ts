import { KubeError, type KubeErrorFields, type KubeErrorReason } from '@moorage/kube';
import { describe, expect, it } from 'vitest';
import { classifyFailure } from './change-outcome.js';

function failed(reason: KubeErrorReason, fields: Partial<KubeErrorFields> = {}): KubeError {
  const operation = { verb: 'patch', path: '/api/v1/namespaces/a/secrets/b' } as const;
  return new KubeError({ reason, operation, message: 'the secret is hunter2', ...fields });
}

describe('classifyFailure', () => {
  it.each<[KubeErrorReason, Partial<KubeErrorFields>, string]>([
    ['Conflict', { status: 409 }, 'look-again'],
    ['AlreadyExists', { status: 409 }, 'look-again'],
    ['NotFound', { status: 404 }, 'look-again'],
    ['TooManyRequests', { status: 429, retryAfterMs: 2_000 }, 'later'],
    ['InternalError', { status: 500 }, 'later'],
    ['ServiceUnavailable', { status: 503 }, 'later'],
    ['ConnectionRefused', {}, 'cluster'],
    ['Timeout', {}, 'cluster'],
    ['Unauthorized', { status: 401 }, 'cluster'],
    ['TlsUntrusted', {}, 'cluster'],
    ['Forbidden', { status: 403 }, 'refused'],
    ['Invalid', { status: 422 }, 'refused'],
    ['RequestEntityTooLarge', { status: 413 }, 'refused'],
    ['Closed', {}, 'moot'],
    ['Aborted', {}, 'moot'],
    ['Forbidden', { status: 403, namespaceTerminating: true }, 'moot'],
  ])('takes %s %j for %s', (reason, fields, kind) => {
    expect(classifyFailure(failed(reason, fields)).kind).toBe(kind);
  });

  it('waits at least as long as the cluster asks', () => {
    const outcome = classifyFailure(
      failed('TooManyRequests', { status: 429, retryAfterMs: 2_000 }),
    );
    expect(outcome).toMatchObject({ kind: 'later', afterMs: 2_000 });
  });

  // A hostile or chatty cluster could answer with the very content that it was sent.
  it('never repeats the words of the cluster', () => {
    for (const reason of ['Invalid', 'BadRequest', 'Forbidden', 'InternalError'] as const) {
      expect(JSON.stringify(classifyFailure(failed(reason, { status: 422 })))).not.toContain(
        'hunter2',
      );
    }
  });

  it('takes a defect of ours for something to try again, without its message', () => {
    const outcome = classifyFailure(new TypeError('hunter2'));
    expect(outcome.kind).toBe('later');
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });
});
