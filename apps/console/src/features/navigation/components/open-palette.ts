export const OPEN_PALETTE = 'moorage:open-palette';

/** The palette is loaded when it is first asked for; it listens for this. */
export function openPalette(): void {
  window.dispatchEvent(new Event(OPEN_PALETTE));
}
