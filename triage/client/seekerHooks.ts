/** What a seeker's page does besides drawing: time that moves on, presence, sound. */

import { useEffect, useState } from "preact/hooks";
import type { Talk } from "../../chat/client/talk.ts";
import { watchCalls } from "../../counsel/client/calls.ts";
import { chime } from "../../counsel/client/chime.ts";

/** How often "five minutes ago" is said anew (milliseconds). */
const TIMES_EVERY = 20_000;

/** Now, moved on from time to time and at `moment` (milliseconds). */
export function useNow(moment: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const due = moment - Date.now();
    const timer = due > 0 ? setTimeout(() => setNow(Date.now()), due + 1) : undefined;
    setNow(Date.now());
    return () => clearTimeout(timer);
  }, [moment]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TIMES_EVERY);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Says whether this page is looked at, hidden, or left for a call: three different things. */
export function usePresence(talk: Talk, onBack: () => void): void {
  useEffect(() => {
    let calling = false;
    const say = (): void => {
      if (document.visibilityState === "visible") {
        talk.setPresence("here");
      } else if (!calling) {
        talk.setPresence("hidden");
      }
    };
    const stop = watchCalls({
      left: () => {
        calling = true;
        talk.setPresence("calling");
      },
      back: () => {
        calling = false;
        talk.setPresence("here");
        onBack();
      },
    });
    document.addEventListener("visibilitychange", say);
    say();
    return () => {
      stop();
      document.removeEventListener("visibilitychange", say);
    };
  }, [talk]);
}

/** Sound, buzz and title: when somebody comes, and for new words nobody is looking at. */
export function useSignal(view: Talk["view"], sound: boolean): void {
  const [title] = useState(document.title);
  const active = view.phase === "active";
  useEffect(() => {
    if (active && sound) {
      chime();
    }
  }, [active]);
  useEffect(() => {
    if (view.unread > 0 && sound && document.visibilityState === "hidden") {
      chime();
    }
  }, [view.unread]);
  useEffect(() => {
    const call = view.unread > 0 ? view.unread : active && document.hidden ? 1 : 0;
    document.title = call > 0 ? `(${call}) ${title}` : title;
    const calm = (): void => {
      if (!document.hidden) {
        document.title = title;
      }
    };
    document.addEventListener("visibilitychange", calm);
    return () => document.removeEventListener("visibilitychange", calm);
  }, [view.unread, active]);
}
