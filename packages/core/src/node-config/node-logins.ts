/**
 * The logins that go to nodes, for targets that keep them in Docker's file format: one entry per
 * registry, unscoped credentials of registries that deliver to nodes.
 *
 * Source: docker/cli `config/configfile`; containers-auth.json(5).
 *
 * Does not handle: a login for part of a registry. The credential of a scope is not handed to this
 * code, so it is reported instead.
 */
import type { SecretText } from '../secret-text.js';
import { encodeUtf8Base64 } from '../utf8-base64.js';
import { scopedCredentialLeftOut } from './finding.js';
import {
  maskedSecret,
  type NodeConfigModel,
  type NodeConfigRegistry,
  type NodeFile,
  type NotExpressible,
} from './model.js';

export type SecretsShown = 'masked' | 'included';

export function loginsOf(model: NodeConfigModel): readonly NodeConfigRegistry[] {
  return model.registries
    .filter(({ credential, deliver }) => credential !== null && deliver !== 'pull-secret')
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

/** A file with `auths`; none when there is no login. `keyOf` names a registry as its reader does. */
export function buildAuthsFile(
  model: NodeConfigModel,
  path: string,
  secrets: SecretsShown,
  keyOf: (address: string) => string,
): readonly NodeFile[] {
  const auths = loginsOf(model).flatMap(({ address, credential }) =>
    credential === null
      ? []
      : [
          [
            keyOf(address),
            { auth: encodeLogin(credential.username, credential.password, secrets) },
          ],
        ],
  );
  const content = `${JSON.stringify({ auths: Object.fromEntries(auths) }, null, 2)}\n`;
  return auths.length === 0 ? [] : [{ path, mode: '0600', content }];
}

function encodeLogin(username: string, password: SecretText, secrets: SecretsShown): string {
  return secrets === 'included'
    ? encodeUtf8Base64(`${username}:${password.reveal()}`)
    : maskedSecret;
}

export function scopedCredentialNotes(model: NodeConfigModel): readonly NotExpressible[] {
  return model.registries
    .filter(({ deliver }) => deliver !== 'pull-secret')
    .flatMap(({ address, scopedCredentials }) =>
      scopedCredentials.map(({ scope }) => scopedCredentialLeftOut(address, scope)),
    );
}

/** `<root>/<host[:port]>/…`, the layout that Docker, podman and CRI-O share. */
export function buildCertificateFolders(
  model: NodeConfigModel,
  root: string,
  secrets: SecretsShown,
): readonly NodeFile[] {
  return model.registries
    .filter(({ scheme }) => scheme === 'https')
    .toSorted((a, b) => (a.address < b.address ? -1 : 1))
    .flatMap(({ address, tls }) => {
      const folder = `${root}/${address}`;
      const { caCertificate, clientCertificate, clientKey } = tls;
      const files: NodeFile[] = [];
      if (caCertificate) {
        files.push({ path: `${folder}/ca.crt`, mode: '0644', content: withNewline(caCertificate) });
      }
      if (clientCertificate && clientKey) {
        const key = secrets === 'included' ? clientKey.reveal() : maskedSecret;
        const cert = withNewline(clientCertificate);
        files.push({ path: `${folder}/client.cert`, mode: '0644', content: cert });
        files.push({ path: `${folder}/client.key`, mode: '0600', content: withNewline(key) });
      }
      return files;
    });
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
