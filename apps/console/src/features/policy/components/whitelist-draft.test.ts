import { describe, expect, it } from 'vitest';
import {
  addEntries,
  isSameValue,
  judgeRows,
  newRow,
  rowsOfSetting,
  splitEntries,
  valueOfRows,
} from './whitelist-draft';

const judge = (...texts: string[]) => judgeRows(texts.map((text) => newRow(text)));

describe('a pasted list', () => {
  it.each([
    ['docker.io,quay.io', ['docker.io', 'quay.io']],
    [' docker.io , quay.io,\n', ['docker.io', 'quay.io']],
    ['docker.io\nquay.io\r\nghcr.io/acme', ['docker.io', 'quay.io', 'ghcr.io/acme']],
    ['docker.io，quay.io、ghcr.io；k8s.io', ['docker.io', 'quay.io', 'ghcr.io', 'k8s.io']],
    [' ,, ', []],
  ])('%j is read as entries', (text, entries) => {
    expect(splitEntries(text)).toEqual(entries);
  });

  it('adds what is not on the list yet, by its stored form, and drops empty rows', () => {
    const rows = addEntries(
      [newRow('docker.io', 'the Hub'), newRow()],
      ['index.docker.io', 'https://GHCR.io/acme/', 'ghcr.io/acme'],
    );
    expect(rows.map(({ text, note }) => [text, note])).toEqual([
      ['docker.io', 'the Hub'],
      ['https://GHCR.io/acme/', ''],
    ]);
  });

  it('keeps what cannot be read, so that it can be mended', () => {
    expect(addEntries([], ['*.quay.io']).map(({ text }) => text)).toEqual(['*.quay.io']);
  });
});

describe('a row', () => {
  it('shows the form that is stored', () => {
    const canonical = judge('https://GHCR.io/acme/', 'registry-1.docker.io').map(
      (row) => row.canonical,
    );
    expect(canonical).toEqual(['ghcr.io/acme', 'docker.io']);
  });

  it('says why it cannot be stored', () => {
    expect(judge('*.quay.io')[0]?.error?.code).toBe('address.wildcard');
    expect(judge('ghcr.io/Acme')[0]?.error).toMatchObject({
      code: 'scope.upper-case',
      suggestion: 'ghcr.io/acme',
    });
  });

  it('says that an earlier one is the same', () => {
    expect(judge('docker.io', 'index.docker.io').map(({ isRepeated }) => isRepeated)).toEqual([
      false,
      true,
    ]);
  });
});

describe('the value', () => {
  it('holds each entry once, with the notes that are not empty', () => {
    const rows = judgeRows([
      newRow('docker.io', ' the Hub '),
      newRow('index.docker.io', 'again'),
      newRow('quay.io', '  '),
      newRow(),
    ]);
    expect(valueOfRows(rows)).toEqual({
      value: 'docker.io,quay.io',
      notes: { 'docker.io': 'the Hub' },
    });
  });

  it('is not there while a row cannot be stored', () => {
    expect(valueOfRows(judge('quay.io', 'not a host'))).toBeNull();
  });

  it('survives being edited without a change', () => {
    const stored = { value: 'docker.io,quay.io', notes: { 'quay.io': 'until May' } };
    const value = valueOfRows(judgeRows(rowsOfSetting(stored.value, stored.notes)));
    expect(value !== null && isSameValue(value, stored)).toBe(true);
  });

  it('differs when only a note does', () => {
    const one = { value: 'quay.io', notes: {} };
    expect(isSameValue(one, { value: 'quay.io', notes: { 'quay.io': 'until May' } })).toBe(false);
  });
});
