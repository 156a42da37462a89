// The mark of the app (mock/icons/symbol.svg), in the accent of the theme.
export function Mark({ className }: { className?: string | undefined }) {
  return (
    <svg className={className} viewBox="184 184 640 680" role="img" aria-label="Chatty">
      <path d="M512 212c-172 0-304 128-304 300 0 66 19 124 54 172l-46 118c-11 28 14 53 42 42l124-49c38 13 82 17 130 17 88 0 168-36 222-96a56 56 0 0 0-83-75c-34 38-84 59-139 59-107 0-188-80-188-188s81-188 188-188c55 0 105 21 139 59a56 56 0 0 0 83-75c-54-60-134-96-222-96Z" />
      <circle cx="728" cy="512" r="70" />
    </svg>
  );
}
