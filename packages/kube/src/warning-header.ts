/**
 * `Warning` headers as the API server sends them (k8s.io/apimachinery/pkg/util/net, ParseWarningHeaders):
 *
 *   warning = "299 - " quoted-string          several in one header, separated by commas
 *
 * Inside the quotes `\"` and `\\` stand for themselves. Does not handle other codes, agents and dates.
 */
import type { IncomingHttpHeaders } from 'node:http';

const warning = /299 - "((?:[^"\\]|\\.)*)"/g;

/** The texts, in the server's order. */
export function warningsOf(headers: IncomingHttpHeaders): readonly string[] {
  const value: unknown = headers.warning;
  const lines = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
  return lines.flatMap((line) =>
    [...line.matchAll(warning)].map(([, text = '']) => text.replace(/\\(.)/g, '$1')),
  );
}
