import { expect, test } from 'vitest';
import { findFiles } from './first-load.js';

test('finds scripts and style sheets in tags and in the streamed tree, each once', () => {
  const html = `<link rel="stylesheet" href="/_next/static/css/a.css?v=1"/>
    <script src="/_next/static/chunks/b.js" async=""></script>
    <link rel="icon" href="/icon.svg"/>
    <script>self.__next_f.push([1,"I[7,[\\"static/chunks/b.js\\",\\"static/chunks/c.js\\"]]"])</script>`;
  expect(findFiles(html)).toEqual([
    '/_next/static/css/a.css',
    '/_next/static/chunks/b.js',
    '/_next/static/chunks/c.js',
  ]);
});

test('leaves out what only old browsers fetch', () => {
  const html = '<script src="/_next/static/chunks/old.js" noModule=""></script>';
  expect(findFiles(html)).toEqual([]);
});
