/**
 * `@Endpoint(endpoints.listRegistries)`: the only way to make a route. The definition in the
 * contract gives method, path, status, access, input and reply; the guard, `@Input()` and the reply
 * interceptor read it from the handler's metadata, never from the URL.
 */
import type { EndpointSpec } from '@moorage/contract';
import {
  applyDecorators,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import type { z } from 'zod';

export const ENDPOINT = Symbol('endpoint');

type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What `@Input()` gives: path parameters, query and body, checked by the definition. */
export interface InputOf<E extends EndpointSpec> {
  readonly params: Readonly<Record<ParamNames<E['path']>, string>>;
  readonly query: Parsed<E['query']>;
  readonly body: Parsed<E['body']>;
}

/** What a handler returns; undeclared fields do not leave the server. */
export type ReplyOf<E extends EndpointSpec> = E extends { reply: infer R extends z.ZodType }
  ? z.input<R>
  : // biome-ignore lint/suspicious/noConfusingVoidType: it is the type of a promise of nothing; undefined would need a return
    void;

type Handler<E extends EndpointSpec> = (...args: never[]) => Promise<ReplyOf<E>>;

export function Endpoint<E extends EndpointSpec>(endpoint: E) {
  const decorate = applyDecorators(
    RequestMapping({ path: endpoint.path, method: RequestMethod[endpoint.method] }),
    HttpCode(endpoint.status),
    SetMetadata(ENDPOINT, endpoint),
  );
  return <T extends Handler<E>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<T>,
  ): void => {
    decorate(target, key, descriptor);
  };
}

/** The definition behind a handler; undefined for one that was not declared with `@Endpoint`. */
export function endpointOf(handler: object): EndpointSpec | undefined {
  return Reflect.getMetadata(ENDPOINT, handler) as EndpointSpec | undefined; // set only by Endpoint above
}
