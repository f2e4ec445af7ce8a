'use client';

import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { KeyboardEvent, ReactNode } from 'react';
import classes from './data-table.module.css';
import { useWindowedRows, type WindowedRows } from './windowed-rows';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  readonly width?: string;
  /** the name the API sorts by */
  readonly sort?: string;
  /** left out where the table is narrower than it needs */
  readonly optional?: boolean;
}

export interface DataTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  readonly selectedId?: string | null;
  readonly onSelect?: (row: T) => void;
  readonly isFaded?: (row: T) => boolean;
  /** `name` or `-name` */
  readonly sort?: string | null;
  readonly onSort?: (sort: string) => void;
  /** fixed height of the scrolling part: only the rows in view are then in the document */
  readonly windowHeight?: number;
  readonly onReachEnd?: () => void;
}

type Sorting = 'ascending' | 'descending' | 'none' | undefined;

function sortingOf(column: { readonly sort?: string }, sort?: string | null): Sorting {
  if (column.sort === undefined) return undefined;
  if (sort === column.sort) return 'ascending';
  return sort === `-${column.sort}` ? 'descending' : 'none';
}

function Header<T>({
  column,
  sort,
  onSort,
}: { column: Column<T> } & Pick<DataTableProps<T>, 'sort' | 'onSort'>) {
  const sorting = sortingOf(column, sort);
  const style = column.width === undefined ? undefined : { width: column.width };
  if (sorting === undefined || onSort === undefined) {
    return (
      <th scope="col" style={style} data-optional={column.optional}>
        {column.header}
      </th>
    );
  }
  const next = sorting === 'ascending' ? `-${column.sort}` : `${column.sort}`;
  return (
    <th scope="col" style={style} aria-sort={sorting} data-optional={column.optional}>
      <button type="button" className={classes.sort} onClick={() => onSort(next)}>
        {column.header}
        {sorting === 'ascending' && <IconArrowUp size={12} aria-hidden />}
        {sorting === 'descending' && <IconArrowDown size={12} aria-hidden />}
      </button>
    </th>
  );
}

function focusSibling(row: HTMLElement, step: 'previousElementSibling' | 'nextElementSibling') {
  const sibling = row[step];
  if (sibling instanceof HTMLElement) sibling.focus();
}

/** Space or Enter selects; arrows and j/k walk. Keys pressed inside of a cell's own control are its own. */
function onRowKey(event: KeyboardEvent<HTMLTableRowElement>, select: () => void) {
  if (event.target !== event.currentTarget) return;
  const { key, currentTarget } = event;
  if (key === ' ' || key === 'Enter') select();
  else if (key === 'ArrowDown' || key === 'j') focusSibling(currentTarget, 'nextElementSibling');
  else if (key === 'ArrowUp' || key === 'k') focusSibling(currentTarget, 'previousElementSibling');
  else return;
  event.preventDefault();
}

function isOwnControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label') !== null;
}

function Row<T>({ row, index, table }: { row: T; index: number; table: DataTableProps<T> }) {
  const { columns, rowId, selectedId, onSelect, isFaded } = table;
  const id = rowId(row);
  const select = () => onSelect?.(row);
  const interactive =
    onSelect === undefined
      ? {}
      : {
          tabIndex: 0,
          'aria-selected': id === selectedId,
          onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => onRowKey(event, select),
          onClick: (event: { target: EventTarget }) => {
            if (!isOwnControl(event.target)) select();
          },
        };
  return (
    <tr
      className={classes.row}
      data-selectable={onSelect !== undefined || undefined}
      data-selected={id === selectedId || undefined}
      data-faded={isFaded?.(row) || undefined}
      aria-rowindex={index + 2}
      {...interactive}
    >
      {columns.map((column) => (
        <td key={column.id} data-optional={column.optional}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height === 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function Body<T>({ table, shown }: { table: DataTableProps<T>; shown: WindowedRows }) {
  const { rows, rowId, columns } = table;
  return (
    <tbody>
      <Spacer height={shown.before} columns={columns.length} />
      {rows.slice(shown.start, shown.end).map((row, offset) => (
        <Row key={rowId(row)} row={row} index={shown.start + offset} table={table} />
      ))}
      <Spacer height={shown.after} columns={columns.length} />
    </tbody>
  );
}

/** The one table of the console. With `windowHeight` it scrolls by itself and draws only what is in view. */
export function DataTable<T>(table: DataTableProps<T>) {
  const { label, columns, rows, sort, onSort, windowHeight, onReachEnd } = table;
  const shown = useWindowedRows(rows.length, windowHeight, onReachEnd);
  const role = table.onSelect === undefined ? 'table' : 'grid';
  return (
    <div
      className={classes.frame}
      ref={shown.ref}
      onScroll={shown.onScroll}
      style={windowHeight === undefined ? undefined : { maxHeight: windowHeight }}
      // A part that scrolls must be reachable by keyboard.
      {...(windowHeight === undefined ? {} : { tabIndex: 0, role: 'region', 'aria-label': label })}
    >
      <table
        className={classes.table}
        role={role}
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr>
            {columns.map((column) => (
              <Header
                key={column.id}
                column={column}
                sort={sort ?? null}
                {...(onSort && { onSort })}
              />
            ))}
          </tr>
        </thead>
        <Body table={table} shown={shown} />
      </table>
    </div>
  );
}
