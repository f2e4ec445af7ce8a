/** The few fields of listed and watched objects that the watcher reads. */
export interface ListedObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

export interface ObjectList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly ListedObject[];
}

export interface SeenSecret {
  readonly namespace: string;
  readonly uid: string;
  readonly value: string;
  readonly isJson: boolean;
}

export function decodeSecret({ metadata, data }: ListedObject, key: string): SeenSecret {
  const value = Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
  return { namespace: metadata.namespace, uid: metadata.uid, value, isJson: isJson(value) };
}

export function decodeAccount({ metadata, imagePullSecrets = [] }: ListedObject) {
  return {
    namespace: metadata.namespace,
    secretNames: imagePullSecrets.map(({ name }) => name ?? ''),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
