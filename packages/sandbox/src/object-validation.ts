/**
 * What the API refuses with 422: names, labels, annotations and the content of Secrets
 * (k8s.io/kubernetes/pkg/apis/core/validation). Only the rules that objects of the product can
 * break; specs of pods and workloads are taken as they come.
 */
import type { ApiResource } from './api-resources.js';
import { isRecord, isSame, type JsonRecord, type KubeObject } from './kube-object.js';
import { badRequest, invalid, type StatusCause } from './status.js';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dnsLabel = new RegExp(`^${label}$`);
const dnsSubdomain = new RegExp(`^${label}(\\.${label})*$`);
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const configKey = /^[-._a-zA-Z0-9]+$/;

const texts = {
  dnsLabel: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`,
  dnsSubdomain: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${label}(\\.${label})*')`,
  labelValue: `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  qualifiedName: `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  configKey: `a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
};

/** core/v1 MaxSecretSize. */
const maxSecretBytes = 1024 * 1024;
/** apimachinery TotalAnnotationSizeLimitB. */
const maxAnnotationBytes = 256 * 1024;

const requiredKeys: Readonly<Record<string, string>> = {
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/dockercfg': '.dockercfg',
};

export function validateObject(
  resource: ApiResource,
  object: KubeObject,
  before?: KubeObject,
): void {
  const causes = [
    ...metadataCauses(resource, object),
    ...(resource.kind === 'Secret' ? secretCauses(object) : []),
    ...(before === undefined ? [] : updateCauses(resource, object, before)),
  ];
  if (causes.length > 0) throw invalid({ resource, name: object.metadata.name }, causes);
}

function metadataCauses(resource: ApiResource, { metadata }: KubeObject): StatusCause[] {
  const { name, labels = {}, annotations = {} } = metadata;
  const strayAnnotations = Object.keys(annotations).filter((key) => !isQualified(key));
  return [
    ...nameCauses(resource, name),
    ...Object.entries(labels).flatMap(([key, value]) => labelCauses(key, value)),
    ...strayAnnotations.map((key) =>
      invalidValue('metadata.annotations', key, texts.qualifiedName),
    ),
    ...(sizeOf(annotations) > maxAnnotationBytes
      ? [tooLong('metadata.annotations', maxAnnotationBytes)]
      : []),
  ];
}

function nameCauses(resource: ApiResource, name: string): StatusCause[] {
  if (resource.kind !== 'Namespace') {
    return dnsSubdomain.test(name) ? [] : [invalidValue('metadata.name', name, texts.dnsSubdomain)];
  }
  const holds = dnsLabel.test(name) && name.length <= 63;
  return holds ? [] : [invalidValue('metadata.name', name, texts.dnsLabel)];
}

function labelCauses(key: string, value: string): StatusCause[] {
  const causes: StatusCause[] = [];
  if (!isQualified(key)) causes.push(invalidValue('metadata.labels', key, texts.qualifiedName));
  if (!labelValue.test(value))
    causes.push(invalidValue('metadata.labels', value, texts.labelValue));
  if (value.length > 63)
    causes.push(invalidValue('metadata.labels', value, 'must be no more than 63 bytes'));
  return causes;
}

function isQualified(key: string): boolean {
  return qualifiedName.test(key.slice(key.indexOf('/') + 1));
}

function sizeOf(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + key.length + Buffer.byteLength(value),
    0,
  );
}

function secretCauses(object: KubeObject): StatusCause[] {
  const data = dataOf(object);
  const causes: StatusCause[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(data)) {
    if (!configKey.test(key)) causes.push(invalidValue(`data[${key}]`, key, texts.configKey));
    bytes += Buffer.byteLength(value, 'base64');
  }
  if (bytes > maxSecretBytes) causes.push(tooLong('data', maxSecretBytes));
  const required = requiredKeys[String(object.type)];
  if (required !== undefined) causes.push(...dockerConfigCauses(required, data[required]));
  return causes;
}

function dockerConfigCauses(key: string, value: string | undefined): StatusCause[] {
  const field = `data[${key}]`;
  if (value === undefined)
    return [{ reason: 'FieldValueRequired', message: 'Required value', field }];
  try {
    JSON.parse(Buffer.from(value, 'base64').toString('utf8'));
    return [];
  } catch {
    return [invalidValue(field, '<secret contents redacted>', 'not valid JSON')];
  }
}

function updateCauses(
  resource: ApiResource,
  object: KubeObject,
  before: KubeObject,
): StatusCause[] {
  const causes: StatusCause[] = [];
  // The real server finds this one twice (generic and per kind) and says it once.
  if (object.metadata.uid !== before.metadata.uid) {
    const cause = invalidValue('metadata.uid', object.metadata.uid, 'field is immutable');
    causes.push(cause, cause);
  }
  if (resource.kind !== 'Secret') return causes;
  if (object.type !== before.type) {
    causes.push(invalidValue('type', String(object.type), 'field is immutable'));
  }
  if (before.immutable === true) {
    const sealed = 'Forbidden: field is immutable when `immutable` is set';
    const forbidden = (field: string) => ({
      reason: 'FieldValueForbidden',
      message: sealed,
      field,
    });
    if (object.immutable !== true) causes.push(forbidden('immutable'));
    if (!isSame(dataOf(object), dataOf(before))) causes.push(forbidden('data'));
  }
  return causes;
}

/** A Secret's data; anything but base64 text is refused before validation (400). */
export function dataOf(object: JsonRecord): Readonly<Record<string, string>> {
  const data: Record<string, string> = {};
  if (!isRecord(object.data)) return data;
  for (const [key, value] of Object.entries(object.data)) {
    data[key] = typeof value === 'string' ? value : '';
  }
  return data;
}

export function refuseIllegalBase64(data: Readonly<Record<string, string>>): void {
  for (const value of Object.values(data)) {
    const stray = value.search(/[^A-Za-z0-9+/=\r\n]/);
    const digits = value.replace(/[\r\n]/g, '');
    const at =
      stray === -1 ? (digits.length % 4 === 0 ? -1 : digits.length - (digits.length % 4)) : stray;
    if (at !== -1) {
      const why = `illegal base64 data at input byte ${at}`;
      throw badRequest(`Secret in version "v1" cannot be handled as a Secret: ${why}`);
    }
  }
}

function invalidValue(field: string, value: string, why: string): StatusCause {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    field,
  };
}

function tooLong(field: string, bytes: number): StatusCause {
  return {
    reason: 'FieldValueTooLong',
    message: `Too long: may not be more than ${bytes} bytes`,
    field,
  };
}
