/** Whether the sentence was typed. Input methods compose characters in several ways; all are the same. */
export function isAcknowledged(typed: string, sentence: string): boolean {
  return typed.normalize('NFC').trim() === sentence.normalize('NFC');
}
