// Whole seconds until a moment, counted down while it is ahead.
import { useEffect, useState } from "react";

export function useSecondsUntil(ms: number): number {
  const [now, setNow] = useState(Date.now);
  const over = now >= ms;
  useEffect(() => {
    setNow(Date.now());
  }, [ms]);
  useEffect(() => {
    if (over) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [over, ms]);
  return Math.max(0, Math.ceil((ms - now) / 1000));
}
