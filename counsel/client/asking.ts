/** What a form goes through: asked, busy, refused, and not before so many seconds. */

import { useEffect, useRef, useState } from "preact/hooks";

import type { Outcome } from "./staffApi.ts";

export interface Asking {
  readonly busy: boolean;
  /** A code of the server or of the form itself; empty while there is nothing to say. */
  readonly told: string;
  /** Whether the last refusal named a time, even when it has passed. */
  readonly slowed: boolean;
  /** Whole seconds until asking again makes sense; 0: now. */
  readonly left: number;
  /** Says something the form found out by itself. */
  tell(code: string): void;
  /** The value, or null when it was refused or when one is asked already. */
  run<T>(ask: () => Promise<Outcome<T>>): Promise<T | null>;
}

/** `first` is said from the start. */
export function useAsking(first = ""): Asking {
  const [told, setTold] = useState({ code: first, until: 0 });
  const [busy, setBusy] = useState(false);
  const asked = useRef(false); // what is drawn lags behind a second press
  const left = useSecondsUntil(told.until);
  return {
    busy,
    told: told.code,
    slowed: told.until > 0,
    left,
    tell: (code) => setTold({ code, until: 0 }),
    run: async (ask) => {
      if (asked.current) {
        return null;
      }
      asked.current = true;
      setBusy(true);
      setTold({ code: "", until: 0 });
      const answer = await ask();
      asked.current = false;
      setBusy(false);
      if (answer.ok) {
        return answer.value;
      }
      const { code, retryAfter } = answer;
      setTold({ code, until: retryAfter > 0 ? Date.now() + retryAfter * 1000 : 0 });
      return null;
    },
  };
}

/** Whole seconds left, 0 when over. Ticks only while there is something to wait for. */
function useSecondsUntil(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until <= Date.now()) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return until === 0 ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}
