import { describe, expect, it } from 'vitest';
import { chooseLocale } from './locales';

describe('chooseLocale', () => {
  it.each([
    ['ja', 'zh-CN,zh;q=0.9', 'ja'],
    [undefined, 'zh-TW,zh;q=0.9,en;q=0.8', 'zh-CN'],
    [undefined, 'fr-FR,ja;q=0.7', 'ja'],
    [undefined, 'fr-FR,de', 'en'],
    [undefined, null, 'en'],
    ['tlh', 'ja', 'ja'],
  ])('takes the choice %s before the browser’s %s', (cookie, header, expected) => {
    expect(chooseLocale(cookie, header)).toBe(expected);
  });
});
