/**
 * `hosts.toml` as containerd reads it, stock and in K3s' fork.
 *
 * Source: containerd `core/remotes/docker/config/hosts.go` (`parseHostsFile`, `parseHostConfig`), and
 * the same file of the fork.
 */
import { describe, expect, test } from 'vitest';
import { type ContainerdFlavour, readHostsFile } from './hosts-file.js';

function hosts(text: string, flavour: ContainerdFlavour = 'stock') {
  return (
    readHostsFile(text, flavour)?.map(
      ({ scheme, host, path, isRoot }) =>
        `${isRoot ? 'root ' : ''}${host === '' ? 'itself' : `${scheme}://${host}${path}`}`,
    ) ?? null
  );
}

describe('hosts.toml', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['an empty file', '', ['root itself'], ['root itself']],
    [
      'a server alone',
      'server = "https://a.io"',
      ['root https://a.io/v2'],
      ['root https://a.io/v2'],
    ],
    [
      'hosts and a server',
      'server = "https://a.io"\n[host."https://m.io"]\n[host."https://n.io"]\n',
      ['https://m.io/v2', 'https://n.io/v2', 'root https://a.io/v2'],
      ['https://m.io/v2', 'https://n.io/v2', 'root https://a.io/v2'],
    ],
    [
      'hosts without a server',
      '[host."https://m.io"]\n',
      ['https://m.io/v2', 'root itself'],
      ['https://m.io/v2'],
    ],
    [
      'an empty server',
      'server = ""\n[host."https://m.io"]\n',
      ['https://m.io/v2', 'root itself'],
      ['https://m.io/v2', 'root itself'],
    ],
  ])('%s', (_what, text, stock, k3s) => {
    expect(hosts(text, 'stock')).toEqual(stock);
    expect(hosts(text, 'k3s')).toEqual(k3s);
  });

  test.each([
    ['m.io', 'https://m.io/v2'],
    ['http://m.io', 'http://m.io/v2'],
    ['https://m.io/prefix', 'https://m.io/prefix/v2'],
    ['https://m.io/prefix/v2/', 'https://m.io/prefix/v2'],
    ['https://m.io//a/../b', 'https://m.io/b/v2'],
  ])('takes %j for %s', (written, url) => {
    expect(hosts(`[host.${JSON.stringify(written)}]\n`)?.[0]).toBe(url);
  });

  test.each([
    ['https://m.io', 'https://m.io'],
    ['https://m.io/prefix', 'https://m.io/prefix'],
    ['https://m.io/prefix/', 'https://m.io/prefix'],
  ])('adds no /v2 to %s when the path is overridden', (written, url) => {
    expect(hosts(`[host."${written}"]\noverride_path = true\n`)?.[0]).toBe(url);
  });

  test.each([
    ['no TOML', 'server = '],
    ['an unknown capability', '[host."https://m.io"]\ncapabilities = ["fly"]'],
    ['hosts that are no table', 'host = 1'],
    ['a server that is no URL', 'server = "http://a b"'],
    ['an escape that TOML does not know', '[host."m.io".rewrite]\n"a\\.b" = "c"'],
  ])('is rejected with %s', (_what, text) => {
    expect(readHostsFile(text, 'k3s')).toBeNull();
  });

  test('gives a host the capabilities that are written, and all of them by default', () => {
    const [pull, all] =
      readHostsFile(
        '[host."https://m.io"]\ncapabilities = ["Pull"]\n[host."https://n.io"]\n',
        'k3s',
      ) ?? [];
    expect([...(pull?.capabilities ?? [])]).toEqual(['pull']);
    expect([...(all?.capabilities ?? [])]).toEqual(['pull', 'resolve', 'push']);
  });

  test('has rewrites in the fork only', () => {
    const text = '[host."https://m.io".rewrite]\n"a" = "b"\n';
    expect(readHostsFile(text, 'k3s')?.[0]?.rewrites).toEqual([{ pattern: 'a', replacement: 'b' }]);
    expect(readHostsFile(text, 'stock')?.[0]?.rewrites).toEqual([]);
  });

  test.each([
    ['ca = "/ca"', { caFile: '/ca' }],
    ['ca = ["/ca"]', { caFile: '/ca' }],
    ['client = "/pem"', { certFile: '/pem' }],
    ['client = [["/c", "/k"]]', { certFile: '/c', keyFile: '/k' }],
    ['client = [["/c", ""]]', { certFile: '/c' }],
    ['skip_verify = true', { insecureSkipVerify: true }],
    ['skip_verify = false', null],
  ])('reads %s', (line, tls) => {
    expect(readHostsFile(`[host."https://m.io"]\n${line}\n`, 'stock')?.[0]?.tls).toEqual(tls);
  });
});
