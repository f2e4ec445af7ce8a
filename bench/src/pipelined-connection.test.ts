import { expect, test } from 'vitest';
import { takeReply } from './pipelined-connection.js';

const take = (text: string) => takeReply(Buffer.from(text, 'latin1'));

test('takes a reply with a content length and leaves the next one', () => {
  const first = 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}';
  expect(take(`${first}HTTP/1.1 200`)).toEqual({ status: 201, length: first.length });
});

test('takes a chunked reply to its last chunk', () => {
  const reply = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
  expect(take(`${reply}H`)).toEqual({ status: 200, length: reply.length });
});

test.each([
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{',
  'HTTP/1.1 200 OK\r\nContent-Le',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n',
])('waits for the rest of a reply (%#)', (text) => {
  expect(take(text)).toBeNull();
});

test('a reply without content has no body', () => {
  const reply = 'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n';
  expect(take(`${reply}HTTP`)).toEqual({ status: 204, length: reply.length });
});

test('refuses a reply whose end cannot be known', () => {
  expect(() => take('HTTP/1.1 200 OK\r\nX: y\r\n\r\n')).toThrow('without a length');
});
