import { describe, expect, it } from 'vitest';
import { isAcknowledged } from './acknowledged';

describe('the sentence that is typed before running images may be stopped', () => {
  it.each(['I understand', '我已了解', '理解しました'])('%s is taken', (sentence) => {
    expect(isAcknowledged(sentence, sentence)).toBe(true);
    expect(isAcknowledged(` ${sentence}\u3000`, sentence)).toBe(true);
  });

  // An input method may hand over a letter and its mark apart.
  it('is taken in whatever way its characters are composed', () => {
    expect(isAcknowledged('か\u3099', 'が')).toBe(true);
  });

  it.each([
    ['', 'I understand'],
    ['i understand', 'I understand'],
    ['I understand.', 'I understand'],
    ['我了解', '我已了解'],
    ['理解した', '理解しました'],
  ])('%j is not %s', (typed, sentence) => {
    expect(isAcknowledged(typed, sentence)).toBe(false);
  });
});
