/**
 * What somebody who wrote an address, a pattern or a name of another alphabet as a key of `mirrors` or
 * `configs` should have written: `host[:port]`.
 *
 * Does not handle: hosts in other alphabets; image names cannot hold them, and their ASCII form is not
 * worked out here.
 */
import { shown } from '../../finding-parameters.js';

// As distribution's grammar of references has it, with its square brackets around IPv6.
const hostAndPort = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?$/;

export function isHost(text: string): boolean {
  return hostAndPort.test(text);
}

/** A key as people may see it: a login before its `@` is left out, with a scheme or without. */
export function keyWithoutLogin(key: string): string {
  return key.replace(/^([A-Za-z]+:\/\/)?[^/?#]*@/, '$1');
}

export interface Instead {
  /** What a key should be: this `host`, or whole names in place of a `pattern`, or simply a `name`. */
  readonly form: 'host' | 'pattern' | 'name';
  /** Empty if the text does not tell which host was meant. */
  readonly host: string;
  readonly suggestion: string;
}

/** For a key that is no host. */
export function insteadOf(key: string): Instead {
  const host = keyWithoutLogin(key)
    .replace(/^[A-Za-z]+:\/\//, '')
    .replace(/\/.*$/s, '');
  if (host !== key && isHost(host)) {
    return { form: 'host', host, suggestion: `Write ${shown(host)}.` };
  }
  return key.includes('*')
    ? {
        form: 'pattern',
        host: '',
        suggestion: 'Write each host name in full; only "*" alone stands for others.',
      }
    : {
        form: 'name',
        host: '',
        suggestion: 'Write the full host name, with its port if it has one.',
      };
}
