'use client';

import Link from 'next/link';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import classes from './drop-menu.module.css';

export interface DropMenuItem {
  readonly id: string;
  readonly label: ReactNode;
  /** goes there; without it `onSelect` is called */
  readonly href?: string;
  readonly onSelect?: () => void;
  /** the one that holds now */
  readonly isCurrent?: boolean;
  readonly isDestructive?: boolean;
  readonly lang?: string;
}

interface DropMenuProps {
  /** what the button shows */
  readonly trigger: ReactNode;
  readonly triggerClass: string | undefined;
  /** where what it shows does not say what it is */
  readonly label?: string;
  readonly items: readonly DropMenuItem[];
  readonly align?: 'start' | 'end';
}

type Step = (count: number, at: number) => number;
const STEPS: Readonly<Record<string, Step>> = {
  ArrowDown: (count, at) => (at + 1) % count,
  ArrowUp: (count, at) => (at - 1 + count) % count,
  Home: () => 0,
  End: (count) => count - 1,
};

function Item({ item, close }: { item: DropMenuItem; close: () => void }) {
  const shared = {
    role: 'menuitem',
    tabIndex: -1,
    className: classes.item,
    lang: item.lang,
    'aria-current': item.isCurrent || undefined,
    'data-destructive': item.isDestructive || undefined,
  };
  if (item.href !== undefined) {
    return (
      <Link {...shared} href={item.href} onClick={close}>
        {item.label}
      </Link>
    );
  }
  const select = () => {
    close();
    item.onSelect?.();
  };
  return (
    <button {...shared} type="button" onClick={select}>
      {item.label}
    </button>
  );
}

/** Puts the focus on the first item, walks by arrows, and calls back when it should go away. */
function Items({
  id,
  items,
  align,
  close,
}: Pick<DropMenuProps, 'items' | 'align'> & { id: string; close: (refocus: boolean) => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const targets = () => [...(ref.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  useEffect(() => {
    ref.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const onPointer = ({ target }: PointerEvent) => {
      if (target instanceof Node && !ref.current?.parentElement?.contains(target)) close(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [close]);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = targets();
    const at = all.indexOf(document.activeElement as HTMLElement); // -1 when it is none of them
    if (event.key === 'Escape' || event.key === 'Tab') close(event.key === 'Escape');
    const step = STEPS[event.key];
    if (step !== undefined) all[step(all.length, at)]?.focus();
    if (step !== undefined || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div
      ref={ref}
      id={id}
      role="menu"
      tabIndex={-1}
      className={classes.menu}
      data-align={align}
      onKeyDown={onKeyDown}
    >
      {items.map((item) => (
        <Item key={item.id} item={item} close={() => close(true)} />
      ))}
    </div>
  );
}

/** A button with a menu under it (WAI-ARIA menu button). */
export function DropMenu({ trigger, triggerClass, label, items, align = 'end' }: DropMenuProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) button.current?.focus();
  };
  return (
    <div className={classes.anchor}>
      <button
        ref={button}
        type="button"
        className={triggerClass}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {trigger}
      </button>
      {isOpen && <Items id={id} items={items} align={align} close={close} />}
    </div>
  );
}
