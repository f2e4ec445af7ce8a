/**
 * Loads a `registries.yaml` exactly as the node does, which is lenient: unknown keys are dropped,
 * duplicate keys are accepted. Everything dropped or odd is reported beside the result.
 *
 * Duplicates follow Go's decoding: a key that occurs twice in a map of registries is replaced by its
 * last value; a field that occurs twice is decoded into the same place again, so `mirrors`,
 * `configs`, `rewrite`, `auth` and `tls` grow together, while `endpoint` is replaced.
 *
 * Sources: gopkg.in/yaml.v2 v2.4.0 `decode.go`, wharfie `pkg/registries/types.go`.
 *
 * Does not handle: the wording of Go's error messages. They quote values, and values are secrets.
 */
import { SecretText } from '../secret-text.js';
import { utf8Size } from '../utf8-base64.js';
import { DecodeFault, Decoder, type FieldReaders, loadError } from './decoder.js';
import {
  type Diagnostic,
  documentStart,
  type Finding,
  found,
  type PathSegment,
  type Position,
  toDiagnostic,
} from './diagnostic.js';
import {
  type AuthSpec,
  type ConfigSpec,
  type EndpointText,
  emptyRegistriesFile,
  type MirrorSpec,
  type PlacedRule,
  type RegistriesFile,
  type TlsSpec,
} from './registries-file.js';
import { documentMaxBytes, readYaml, type YamlNode } from './yaml-tree.js';

export interface LoadedRegistries {
  /** False when the node's agent would not come up with this file. */
  readonly loads: boolean;
  readonly file: RegistriesFile;
  readonly diagnostics: readonly Diagnostic[];
}

export function loadRegistriesYaml(text: string): LoadedRegistries {
  if (utf8Size(text) > documentMaxBytes) {
    return failed([tooLarge]);
  }
  const tree = readYaml(text);
  if (!tree.ok) {
    return failed([loadError(tree.error.at, tree.error.problem)]);
  }
  const { root, ignoredFrom } = tree.value;
  const decoder = new Decoder();
  try {
    const file = root === null ? emptyRegistriesFile : decodeFile(decoder, root);
    if (decoder.errors.length > 0) {
      return failed([...decoder.errors, ...findingsOf(decoder)]);
    }
    const lost = root === null ? null : findLostIndentation(root);
    const rest = ignoredFrom === null ? [] : [secondDocument(ignoredFrom)];
    return {
      loads: true,
      file,
      diagnostics: [...findingsOf(decoder), ...rest, ...(lost ? [lost] : [])].map(toDiagnostic),
    };
  } catch (error) {
    if (error instanceof DecodeFault) {
      return failed([loadError(error.at, error.problem), ...findingsOf(decoder)]);
    }
    throw error;
  }
}

function findingsOf(decoder: Decoder): readonly Finding[] {
  return decoder.isCut ? [...decoder.findings, findingsCut] : decoder.findings;
}

/** Stands for the findings beyond `maxFindings`. */
export const findingsCut = found('info', 'findings-cut', [], documentStart, {
  message: 'There is more of the same; the first 10000 findings are shown.',
});

function failed(findings: readonly Finding[]): LoadedRegistries {
  return { loads: false, file: emptyRegistriesFile, diagnostics: findings.map(toDiagnostic) };
}

const tooLarge = found('error', 'document-too-large', [], documentStart, {
  message: 'The document is larger than 512 KiB; it is not read here.',
  suggestion: 'Leave out what nodes do not need: an honest file has a few kilobytes.',
});

// Copied out of a web page a file often has all its lines at the margin. It loads, and does nothing.
function findLostIndentation(root: YamlNode): Finding | null {
  if (root.kind !== 'mapping') {
    return null;
  }
  const keys = root.entries.map(({ key }) => (key.kind === 'scalar' ? key.text : ''));
  const section = root.entries.findIndex(
    ({ value }, index) =>
      ['mirrors', 'configs'].includes(keys[index] ?? '') &&
      value.kind === 'scalar' &&
      value.text === '',
  );
  const belongsDeeper = /[.:*<]|^(?:endpoint|rewrite|auth|tls|username|password|token)$/;
  const next = root.entries[section + 1];
  if (section < 0 || next === undefined || !belongsDeeper.test(keys[section + 1] ?? '')) {
    return null;
  }
  return found('error', 'indentation-lost', [], next.key, {
    message: 'This file has lost its indentation: it loads, and nothing of it has any effect.',
    suggestion:
      'Indent what belongs below mirrors and configs, as in the example of the documentation.',
  });
}

function secondDocument(at: Position): Finding {
  return found('warning', 'second-document', [], at, {
    message: 'Only the first YAML document is read; everything from here on is ignored.',
    suggestion: 'Put everything into one document.',
  });
}

function decodeFile(decoder: Decoder, root: YamlNode): RegistriesFile {
  const mirrors = new Map<string, MirrorSpec>();
  const configs = new Map<string, ConfigSpec>();
  decoder.struct(root, [], {
    mirrors: (node, path) => {
      const read = decoder.map(node, path, (name, value, keyAt) =>
        mirrors.set(name, decodeMirror(decoder, value, [...path, name], keyAt)),
      );
      if (read === null) {
        mirrors.clear();
      }
    },
    configs: (node, path) => {
      const read = decoder.map(node, path, (name, value, keyAt) =>
        configs.set(name, decodeConfig(decoder, value, [...path, name], keyAt)),
      );
      if (read === null) {
        configs.clear();
      }
    },
    auths: (node, path) => {
      decoder.map(node, path, (name, value, keyAt) =>
        decodeAuth(decoder, value, [...path, name], keyAt, null),
      );
      decoder.note(
        found('warning', 'auths-unused', path, node, {
          message: '`auths` is read and never used.',
          suggestion: 'Put logins under configs.<host>.auth.',
        }),
      );
    },
  });
  return { mirrors, configs };
}

function decodeMirror(
  decoder: Decoder,
  node: YamlNode,
  path: readonly PathSegment[],
  at: Position,
): MirrorSpec {
  let endpoints: readonly EndpointText[] = [];
  const rewrites = new Map<string, PlacedRule>();
  decoder.struct(node, path, {
    endpoint: (value, here) => {
      endpoints = decoder.texts(value, here);
    },
    rewrite: (value, here) => {
      const read = decoder.map(value, here, (pattern, replacement, keyAt) => {
        const text = decoder.text(replacement, [...here, pattern]);
        rewrites.set(pattern, { pattern, replacement: text, at: keyAt });
      });
      if (read === null) {
        rewrites.clear();
      }
    },
  });
  return { at, endpoints, rewrites: [...rewrites.values()] };
}

function decodeConfig(
  decoder: Decoder,
  node: YamlNode,
  path: readonly PathSegment[],
  at: Position,
): ConfigSpec {
  let auth: AuthSpec | null = null;
  let tls: TlsSpec | null = null;
  decoder.struct(node, path, {
    auth: (value, here, keyAt) => {
      auth = decoder.isLeftOut(value) ? null : decodeAuth(decoder, value, here, keyAt, auth);
    },
    tls: (value, here, keyAt) => {
      tls = decoder.isLeftOut(value) ? null : decodeTls(decoder, value, here, keyAt, tls);
    },
  });
  return { at, auth, tls };
}

const noSecret = SecretText.of('');

function decodeAuth(
  decoder: Decoder,
  node: YamlNode,
  path: readonly PathSegment[],
  at: Position,
  before: AuthSpec | null,
): AuthSpec {
  const spec = {
    username: before?.username ?? '',
    password: before?.password ?? noSecret,
    auth: before?.auth ?? noSecret,
    identityToken: before?.identityToken ?? noSecret,
  };
  const fields: FieldReaders = {
    username: (value, here) => {
      spec.username = decoder.text(value, here);
    },
    password: (value, here) => {
      spec.password = SecretText.of(decoder.text(value, here));
    },
    auth: (value, here) => {
      spec.auth = SecretText.of(decoder.text(value, here));
    },
    identity_token: (value, here) => {
      spec.identityToken = SecretText.of(decoder.text(value, here));
    },
  };
  return decoder.struct(node, path, fields) === null
    ? { at, username: '', password: noSecret, auth: noSecret, identityToken: noSecret }
    : { at, ...spec };
}

function decodeTls(
  decoder: Decoder,
  node: YamlNode,
  path: readonly PathSegment[],
  at: Position,
  before: TlsSpec | null,
): TlsSpec {
  const spec = {
    caFile: before?.caFile ?? '',
    certFile: before?.certFile ?? '',
    keyFile: before?.keyFile ?? '',
    insecureSkipVerify: before?.insecureSkipVerify ?? false,
  };
  const read = decoder.struct(node, path, {
    ca_file: (value, here) => {
      spec.caFile = decoder.text(value, here);
    },
    cert_file: (value, here) => {
      spec.certFile = decoder.text(value, here);
    },
    key_file: (value, here) => {
      spec.keyFile = decoder.text(value, here);
    },
    insecure_skip_verify: (value, here) => {
      spec.insecureSkipVerify = decoder.boolean(value, here);
    },
  });
  return read === null
    ? { at, caFile: '', certFile: '', keyFile: '', insecureSkipVerify: false }
    : { at, ...spec };
}
