/** What a loaded `registries.yaml` holds, in one shape for our loader and for the probe. */
import type { RegistriesFile } from '@moorage/core';
import type { ProbeFile } from './wharfie-probe.js';

export function contentOf({ mirrors, configs }: RegistriesFile) {
  return {
    mirrors: sorted(mirrors, ({ endpoints, rewrites }) => ({
      endpoints: endpoints.map(({ text }) => visible(text)),
      rewrites: sorted(new Map(rewrites.map((r) => [r.pattern, r.replacement])), visible),
    })),
    configs: sorted(configs, ({ auth, tls }) => ({
      auth:
        auth === null
          ? null
          : [
              auth.username,
              auth.password.reveal(),
              auth.auth.reveal(),
              auth.identityToken.reveal(),
            ].map(visible),
      tls: tls && [...[tls.caFile, tls.certFile, tls.keyFile].map(visible), tls.insecureSkipVerify],
    })),
  };
}

export function contentOfProbe(file: ProbeFile | null) {
  return {
    mirrors: sorted(mapOf(file?.mirrors), ({ endpoint, rewrite }) => ({
      endpoints: (endpoint ?? []).map(visible),
      rewrites: sorted(mapOf(rewrite), visible),
    })),
    configs: sorted(mapOf(file?.configs), ({ auth, tls }) => ({
      auth: auth && [auth.username, auth.password, auth.auth, auth.identitytoken].map(visible),
      tls: tls && [
        ...[tls.ca_file, tls.cert_file, tls.key_file].map(visible),
        tls.insecure_skip_verify,
      ],
    })),
  };
}

function mapOf<V>(record: Readonly<Record<string, V>> | null | undefined): ReadonlyMap<string, V> {
  return new Map(Object.entries(record ?? {}));
}

function sorted<V, W>(map: ReadonlyMap<string, V>, present: (value: V) => W) {
  return [...map]
    .map(([key, value]): [string, W] => [visible(key), present(value)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

// How many U+FFFD stand for bytes that are no UTF-8 depends on who writes them.
function visible(text: string): string {
  return text.replace(/\ufffd+/g, '\ufffd');
}
