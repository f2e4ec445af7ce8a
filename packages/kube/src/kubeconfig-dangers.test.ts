import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure, kubeconfig, now, secret } from '../test/kubeconfig-text.js';
import { parseKubeconfig } from './kubeconfig.js';

describe('what a kubeconfig could make its reader do', () => {
  // Risk: a program of the uploader's choice runs on the server (the classic kubeconfig attack).
  test('no program is run, and the answer shows how to get a token', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moorage-kubeconfig-'));
    const marker = join(folder, 'it-ran');
    const program = join(folder, 'program.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: program,
      interactiveMode: 'Never',
    };
    const error = failure(kubeconfig({ user: { exec } }));
    expect(error.code).toBe('kubeconfig.exec');
    expect(error.snippet).toContain('kubectl -n moorage-system create serviceaccount moorage');
    await new Promise((resolve) => setImmediate(resolve));
    expect(existsSync(marker)).toBe(false);
  });

  test('no file is opened: an existing one and a missing one are answered alike', () => {
    const folder = mkdtempSync(join(tmpdir(), 'moorage-kubeconfig-'));
    const present = join(folder, 'token');
    writeFileSync(present, secret);
    const answers = [present, join(folder, 'absent')].map((tokenFile) =>
      failure(kubeconfig({ user: { tokenFile } })),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(JSON.stringify(answers)).not.toContain(secret);
    expect(readFileSync(present, 'utf8')).toBe(secret);
  });

  test('any text gets an answer and never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((value) => kubeconfig({ user: value })),
        ),
        (text) => {
          const result = parseKubeconfig(text, { now });
          expect(typeof result.ok).toBe('boolean');
        },
      ),
      { numRuns: 400 },
    );
  });
});
