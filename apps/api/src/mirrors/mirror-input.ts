/** What a request says about a mirror, checked by the rules of what nodes can be given. */
import {
  canonicalRegistry,
  compileRewritePattern,
  parseNodeEndpoint,
  parseRegistryAddress,
  type RewriteRule,
} from '@moorage/core';
import { type FieldProblem, Problem } from '../http/problem.js';

/** `*` for every registry without a mirror of its own, or a canonical address. */
export function readMirrorRegistry(text: string): string {
  if (text.trim() === '*') return '*';
  const parsed = parseRegistryAddress(text);
  if (!parsed.ok)
    throw invalid([{ pointer: '/registry', code: parsed.error.code, detail: parsed.error.detail }]);
  if (parsed.value.path !== null) {
    throw invalid([
      {
        pointer: '/registry',
        code: 'mirror.registry-has-path',
        detail: `A mirror is for a whole registry: ${parsed.value.address}. To mirror a part of it, use a rewrite.`,
      },
    ]);
  }
  return canonicalRegistry(parsed.value.address);
}

/** Endpoints as they are written to nodes; every fault is named by its place. */
export function readEndpoints(written: readonly string[]): string[] {
  const errors: FieldProblem[] = [];
  const endpoints = written.map((text, index) => {
    const endpoint = parseNodeEndpoint(text.trim());
    if (endpoint !== null) return endpoint.text;
    errors.push({
      pointer: `/endpoints/${index}`,
      code: 'mirror.endpoint-invalid',
      detail: 'Write it as https://host[:port][/path], without user name, query or fragment.',
    });
    return '';
  });
  endpoints.forEach((text, index) => {
    if (text !== '' && endpoints.indexOf(text) < index)
      errors.push({
        pointer: `/endpoints/${index}`,
        code: 'mirror.endpoint-repeated',
        detail: 'This endpoint is in the list already; nodes ignore the second one.',
      });
  });
  if (errors.length > 0) throw invalid(errors);
  return endpoints;
}

export function checkRewrites(rules: readonly RewriteRule[]): void {
  const errors = rules.flatMap(({ pattern }, index) => {
    const compiled = compileRewritePattern(pattern);
    const repeated = rules.findIndex((rule) => rule.pattern === pattern) < index;
    return [
      ...(compiled.ok
        ? []
        : [
            {
              pointer: `/rewrites/${index}/pattern`,
              code: 'mirror.pattern-invalid',
              detail: `Not a regular expression of Go (RE2): ${compiled.error}`,
            },
          ]),
      ...(repeated
        ? [
            {
              pointer: `/rewrites/${index}/pattern`,
              code: 'mirror.pattern-repeated',
              detail: 'Nodes keep one replacement per pattern.',
            },
          ]
        : []),
    ];
  });
  if (errors.length > 0) throw invalid(errors);
}

function invalid(errors: readonly FieldProblem[]): Problem {
  return new Problem('mirror.invalid', errors.map(({ detail }) => detail).join(' '), { errors });
}
