const STORED_AS = 'moorage-single-keys';

/** Single-key shortcuts can be switched off (WCAG 2.1.4): speech input types them by accident. */
export function areSingleKeysOn(): boolean {
  return localStorage.getItem(STORED_AS) !== 'off';
}

export function switchSingleKeys(on: boolean): void {
  localStorage.setItem(STORED_AS, on ? 'on' : 'off');
}
