import classes from './code-lines.module.css';

interface CodeLinesProps {
  readonly label: string;
  readonly content: string;
  readonly marked?: readonly { readonly line: number | null; readonly severity: string }[];
}

/** A file as it is, with numbers of its lines; those that a finding is about are underlined. */
export function CodeLines({ label, content, marked = [] }: CodeLinesProps) {
  const lines = content.replace(/\n$/, '').split('\n');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
    <section className={`mono ${classes.file}`} tabIndex={0} aria-label={label}>
      <ol>
        {lines.map((line, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            key={index}
            data-severity={marked.find((each) => each.line === index + 1)?.severity}
          >
            <div>
              {/^\s*/.exec(line)?.[0]}
              <span>{line.trimStart()}</span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
