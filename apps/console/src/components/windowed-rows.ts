import { type RefObject, type UIEvent, useLayoutEffect, useRef, useState } from 'react';

/** Fixed, so that the height of rows that are not in the document is known. */
const ROW_HEIGHT_PX = 33;
/** Rows drawn beyond the edges, so that a quick scroll does not show a gap. */
const OVERSCAN = 12;
/** Below this a table is drawn whole; the browser's own find then finds everything. */
const WINDOW_ABOVE = 200;

export interface WindowedRows {
  readonly start: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

interface Windowed extends WindowedRows {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly onScroll: ((event: UIEvent<HTMLDivElement>) => void) | undefined;
}

/** Which of `count` rows of one height are in a view of `height`, scrolled down by `top`. */
export function windowOf(count: number, height: number, top: number): WindowedRows {
  const start = Math.max(0, Math.floor(top / ROW_HEIGHT_PX) - OVERSCAN);
  const end = Math.min(count, Math.ceil((top + height) / ROW_HEIGHT_PX) + OVERSCAN);
  return {
    start,
    end: Math.max(start, end),
    before: start * ROW_HEIGHT_PX,
    after: (count - Math.max(start, end)) * ROW_HEIGHT_PX,
  };
}

/** Rows to draw now. `onReachEnd` is called when the last loaded row comes into view. */
export function useWindowedRows(
  count: number,
  height: number | undefined,
  onReachEnd?: () => void,
): Windowed {
  const ref = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const isWindowed = height !== undefined && count > WINDOW_ABOVE;
  const shown = isWindowed
    ? windowOf(count, height, top)
    : { start: 0, end: count, before: 0, after: 0 };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new number of rows moves the view
  useLayoutEffect(() => {
    // A filter can make the list shorter than where the view was.
    if (ref.current !== null) setTop(ref.current.scrollTop);
  }, [count]);
  const onScroll = (event: UIEvent<HTMLDivElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    setTop(scrollTop);
    if (scrollTop + clientHeight * 2 > scrollHeight) onReachEnd?.();
  };
  return { ...shown, ref, onScroll: height === undefined ? undefined : onScroll };
}
