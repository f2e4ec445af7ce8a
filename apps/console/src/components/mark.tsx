/** The product's mark: a mooring, in the accent colour. */
export function Mark({ size = 18 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 18 18" aria-hidden>
      <rect width="18" height="18" rx="5" fill="var(--accent)" />
      <path
        d="M6 5.5v4a3 3 0 0 0 6 0v-4"
        fill="none"
        stroke="var(--panel)"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
