'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { OPEN_PALETTE } from './open-palette';
import { areSingleKeysOn } from './single-keys';
import { usePlaces } from './use-places';

const Palette = dynamic(() => import('./palette').then(({ Palette }) => Palette), { ssr: false });
const ShortcutHelp = dynamic(() => import('./shortcut-help').then((m) => m.ShortcutHelp), {
  ssr: false,
});

/** `g` waits this long for its second key. */
const SEQUENCE_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role=dialog]') !== null)
  );
}

function focusFilter(): boolean {
  const filter = document.querySelector<HTMLElement>('input[data-filter], [data-filter] input');
  filter?.focus();
  return filter !== null;
}

/** Returns what to call for each key that is pressed outside of inputs. */
function useSingleKeys(openHelp: () => void) {
  const router = useRouter();
  const { environment, tools, installation } = usePlaces();
  const lastG = useRef(0);
  return (key: string): boolean => {
    const isSecond = Date.now() - lastG.current < SEQUENCE_MS;
    lastG.current = key === 'g' ? Date.now() : 0;
    if (isSecond) {
      const places = [...environment, ...tools, ...installation];
      const place = places.find((each) => each.key === key);
      if (place !== undefined) router.push(place.href);
      return place !== undefined;
    }
    if (key === '/') return focusFilter();
    if (key !== '?') return false;
    openHelp();
    return true;
  };
}

/** Ctrl-K everywhere; single keys only outside of inputs and only while they are switched on. */
export function Shortcuts() {
  const [palette, setPalette] = useState(0);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const onSingleKey = useSingleKeys(() => setHelpOpen(true));
  useEffect(() => {
    const open = () => setPalette((count) => count + 1);
    const onKey = (event: KeyboardEvent) => {
      const withControl = event.ctrlKey || event.metaKey;
      if (withControl && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open();
      } else if (!withControl && !event.altKey && !isTyping(event.target) && areSingleKeysOn()) {
        if (onSingleKey(event.key)) event.preventDefault();
      }
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener(OPEN_PALETTE, open);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener(OPEN_PALETTE, open);
    };
  }, [onSingleKey]);
  return (
    <>
      {palette > 0 && <Palette key={palette} />}
      {isHelpOpen && <ShortcutHelp onClose={() => setHelpOpen(false)} />}
    </>
  );
}
