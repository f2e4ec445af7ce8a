'use client';

import {
  type DragEvent,
  type Ref,
  type UIEvent,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import classes from './code-editor.module.css';
import { tokenLengthAt } from './text-token';

export interface Marker {
  /** one-based, as editors count */
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning' | 'info';
}

export interface CodeEditorHandle {
  /** Puts the cursor there and the line in view. */
  goTo(place: { readonly line: number; readonly column: number }): void;
  /** Replaces a part as if it had been typed, so that it can be undone. */
  replace(from: number, to: number, text: string): void;
}

interface CodeEditorProps {
  readonly label: string;
  readonly describedBy?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onFile: (file: File) => void;
  readonly markers: readonly Marker[];
  readonly placeholder?: string;
  readonly handle?: Ref<CodeEditorHandle>;
}

/** The heights that the style sheet gives a line and the edge above the first. */
const LINE_PX = 20;
const EDGE_PX = 10;
const OVERSCAN = 8;
const RANKS = { error: 2, warning: 1, info: 0 } as const;

interface View {
  readonly top: number;
  readonly left: number;
  readonly height: number;
}

function viewOf({ scrollTop, scrollLeft, clientHeight }: HTMLTextAreaElement): View {
  return { top: scrollTop, left: scrollLeft, height: clientHeight };
}

function worstByLine(markers: readonly Marker[]): ReadonlyMap<number, Marker['severity']> {
  const worst = new Map<number, Marker['severity']>();
  for (const { line, severity } of markers) {
    const known = worst.get(line);
    if (known === undefined || RANKS[severity] > RANKS[known]) worst.set(line, severity);
  }
  return worst;
}

/** Offset of a place in the text; places behind its end are its end. */
function offsetOf(lines: readonly string[], line: number, column: number): number {
  const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return before + Math.min(column - 1, lines[line - 1]?.length ?? 0);
}

function Gutter({
  count,
  view,
  markers,
}: {
  count: number;
  view: View;
  markers: readonly Marker[];
}) {
  const worst = useMemo(() => worstByLine(markers), [markers]);
  const first = Math.max(0, Math.floor(view.top / LINE_PX) - OVERSCAN);
  const last = Math.min(count, Math.ceil((view.top + view.height) / LINE_PX) + OVERSCAN);
  const numbers = Array.from(
    { length: Math.max(0, last - first) },
    (_, index) => first + index + 1,
  );
  return (
    <div className={classes.gutter} style={{ width: `${Math.max(3, `${count}`.length) + 3}ch` }}>
      <div style={{ transform: `translateY(${-view.top}px)` }}>
        {numbers.map((line) => (
          <div
            key={line}
            className={classes.number}
            data-severity={worst.get(line)}
            style={{ top: EDGE_PX + (line - 1) * LINE_PX }}
          >
            {line}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Wavy lines under what findings are about: the text again, unseen, behind the one that is edited. */
function Marks({
  lines,
  view,
  markers,
}: {
  lines: readonly string[];
  view: View;
  markers: readonly Marker[];
}) {
  const [from, to] = [view.top - LINE_PX, view.top + view.height];
  const shown = markers.filter(({ line }) => {
    const top = (line - 1) * LINE_PX;
    return top >= from && top <= to && lines[line - 1] !== undefined;
  });
  return (
    <div className={classes.marks}>
      <div style={{ transform: `translate(${-view.left}px, ${-view.top}px)` }}>
        {shown.map(({ line, column, severity }) => {
          const text = lines[line - 1] ?? '';
          return (
            <div
              key={`${line}/${column}/${severity}`}
              className={classes.mark}
              style={{ top: EDGE_PX + (line - 1) * LINE_PX }}
            >
              {text.slice(0, column - 1)}
              <span data-severity={severity}>
                {text.slice(column - 1, column - 1 + tokenLengthAt(text, column - 1)) || ' '}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Typed text can be undone; only browsers without this command lose that. */
function insertAsTyped(area: HTMLTextAreaElement, text: string): boolean {
  area.focus();
  return text === ''
    ? document.execCommand('delete')
    : document.execCommand('insertText', false, text);
}

function useEditorHandle(
  { value, onChange, handle }: CodeEditorProps,
  lines: readonly string[],
  area: { readonly current: HTMLTextAreaElement | null },
) {
  useImperativeHandle(handle, () => ({
    goTo({ line, column }) {
      const node = area.current;
      if (node === null) return;
      const at = offsetOf(lines, line, column);
      const length = tokenLengthAt(lines[line - 1] ?? '', column - 1);
      node.focus({ preventScroll: true });
      node.setSelectionRange(at, at + length);
      node.scrollTop = Math.max(0, (line - 4) * LINE_PX);
      node.scrollIntoView({ block: 'nearest' });
    },
    replace(from, to, text) {
      const node = area.current;
      if (node === null) return;
      const { scrollTop } = node;
      node.setSelectionRange(from, to);
      if (!insertAsTyped(node, text)) onChange(value.slice(0, from) + text + value.slice(to));
      node.scrollTop = scrollTop;
    },
  }));
}

/**
 * A plain text area with line numbers and marks: input methods, screen readers, undo, search and
 * spelling of the browser work as everywhere, and Tab leaves it.
 */
export function CodeEditor(props: CodeEditorProps) {
  const { label, describedBy, value, onChange, onFile, markers, placeholder } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const [view, setView] = useState<View>({ top: 0, left: 0, height: 0 });
  const [isDropping, setDropping] = useState(false);
  const lines = useMemo(() => value.split('\n'), [value]);
  useEditorHandle(props, lines, area);
  useLayoutEffect(() => {
    const node = area.current;
    if (node === null) return;
    const observer = new ResizeObserver(() => setView(viewOf(node)));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  const drop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    setDropping(false);
    if (file === undefined) return;
    event.preventDefault();
    onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only files are dropped here; a button opens them too
    <div
      className={classes.editor}
      data-dropping={isDropping || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={drop}
    >
      <div aria-hidden>
        <Gutter count={lines.length} view={view} markers={markers} />
      </div>
      <div className={classes.surface}>
        <div aria-hidden>
          <Marks lines={lines} view={view} markers={markers} />
        </div>
        <textarea
          ref={area}
          className={classes.text}
          aria-label={label}
          aria-describedby={describedBy}
          aria-invalid={markers.some(({ severity }) => severity === 'error') || undefined}
          value={value}
          placeholder={placeholder}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          data-gramm="false"
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          onScroll={({ currentTarget }: UIEvent<HTMLTextAreaElement>) =>
            setView(viewOf(currentTarget))
          }
        />
      </div>
    </div>
  );
}
