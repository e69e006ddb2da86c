/** The seeker's page once it has been started: from the start to the end of a talk. */

import { render } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { resumeTalk, startTalk, type Talk } from "../../chat/client/talk.ts";
import { isErasing } from "../../chat/client/view/endings.tsx";
import { Drafts } from "../../triage/client/drafts.ts";
import { type CallQuestion, SeekerTalk, type Sheet } from "../../triage/client/seekerTalk.tsx";
import { type Beginning, Start } from "../../triage/client/start.tsx";
import { watchCalls } from "./calls.ts";
import { Trust } from "./certificates.ts";
import { armChime, chime } from "./chime.ts";
import { byId } from "./dom.ts";
import { leave, onLeave } from "./exit.ts";
import { tCode } from "./i18n.ts";
import { fetchLog } from "./knownLog.ts";
import { forgetTalk, markTalk } from "./traces.ts";
import { Vault } from "./vault.ts";

declare const __ORG_ROOT__: string;
declare const __LANGUAGE__: string;

const VAULT = "talk";
const DRAFT = "seeker";

/** How often "five minutes ago" is said anew (milliseconds). */
const TIMES_EVERY = 20_000;

interface Place {
  readonly vault: Vault;
  readonly trust: Trust;
  readonly drafts: Drafts;
}

async function prepare(): Promise<Place> {
  const vault = await Vault.open(VAULT);
  // The first duty statement that is rightly signed moves "now" forward from here.
  const trust = await Trust.open({
    root: __ORG_ROOT__,
    hostname: location.hostname,
    built: 0,
    log: fetchLog,
  });
  const drafts = new Drafts({
    read: async (name) => (await vault.read(name))?.bytes ?? null,
    write: (name, bytes) => vault.put(name, bytes),
    remove: (name) => vault.put(name, null),
  });
  onLeave(async () => {
    if (vault.holds === "kept") {
      await drafts.flush();
    } else {
      forgetTalk();
      await vault.leave();
    }
  });
  return { vault, trust, drafts };
}

function codeOf(reason: unknown): string {
  return reason instanceof Error && "code" in reason ? String(reason.code) : "unknown";
}

function neutralPage(): string {
  return (byId("exit") as HTMLAnchorElement).href;
}

interface Held {
  readonly place: Place;
  readonly talk: Talk | null;
  readonly draft: string;
}

function App({ first }: { first: Held }) {
  const [{ place, talk, draft }, setHeld] = useState(first);
  const [state, setState] = useState<"ready" | "opening" | "failed">("ready");
  const [reason, setReason] = useState<string | undefined>();
  document.documentElement.classList.toggle("talking", talk !== null);
  const start = async ({ keep, ...said }: Beginning): Promise<void> => {
    armChime();
    setState("opening");
    try {
      const { vault, trust } = place;
      await vault.keep(keep);
      const begun = await startTalk({ vault, trust, language: __LANGUAGE__, ...said });
      markTalk(keep);
      setHeld({ place, talk: begun, draft: "" });
      setState("ready");
    } catch (problem) {
      const code = codeOf(problem);
      setReason(code === "unknown" ? undefined : tCode("errors", code));
      setState("failed");
    }
  };
  // Nothing of the last talk reaches the next one: another vault, other keys.
  const again = async (): Promise<void> => {
    talk?.close();
    forgetTalk();
    await place.vault.wipe();
    setHeld({ place: await prepare(), talk: null, draft: "" });
  };
  if (talk === null) {
    return (
      <Start
        state={state}
        {...(reason === undefined ? {} : { reason })}
        onStart={(beginning) => void start(beginning)}
      />
    );
  }
  return <TalkPage place={place} talk={talk} firstDraft={draft} onAgain={() => void again()} />;
}

interface TalkPageProps {
  readonly place: Place;
  readonly talk: Talk;
  readonly firstDraft: string;
  readonly onAgain: () => void;
}

function TalkPage({ place, talk, firstDraft, onAgain }: TalkPageProps) {
  const [view, setView] = useState(talk.view);
  const [draft, setDraft] = useState(firstDraft);
  const [sheet, setSheet] = useState<Sheet>("");
  const [call, setCall] = useState<CallQuestion>("");
  const [sound, setSound] = useState(true);
  const [erasing, setErasing] = useState(false);
  const [endedHere, setEndedHere] = useState(false);
  const now = useNow();
  useEffect(() => talk.subscribe(setView), [talk]);
  usePresence(talk, () => setCall("asking"));
  useSignal(view, sound);
  const gone = view.phase === "lost-seat" || (view.phase === "erased" && !isErasing(view));
  useEffect(() => {
    if (gone) {
      forgetTalk();
      void place.vault.wipe();
    }
  }, [gone]);
  const lookup = useCallback(
    () => Promise.resolve({ trust: place.trust, store: place.vault }),
    [place],
  );
  const write = (text: string): void => {
    setDraft(text);
    place.drafts.set(DRAFT, text);
  };
  const end = (): void => {
    setEndedHere(true);
    setSheet("");
    void talk.end();
  };
  const erase = async (): Promise<void> => {
    setErasing(true);
    setDraft("");
    await place.drafts.drop(DRAFT);
    await talk.erase();
    setErasing(false);
    setSheet("");
  };
  const clear = (): Promise<void> =>
    leave(neutralPage(), async () => {
      talk.close();
      forgetTalk();
      await place.vault.wipe();
    });
  return (
    <SeekerTalk
      view={view}
      talk={talk}
      kept={place.vault.holds === "kept"}
      draft={draft}
      onDraft={write}
      now={now}
      sound={sound}
      onSound={(on) => {
        armChime();
        setSound(on);
      }}
      sheet={sheet}
      onSheet={setSheet}
      call={call}
      onCall={setCall}
      erasing={erasing}
      endedHere={endedHere}
      onEnd={end}
      onErase={() => void erase()}
      onLeave={() => void leave(neutralPage())}
      onClear={() => void clear()}
      onAgain={onAgain}
      place={lookup}
    />
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TIMES_EVERY);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Says whether this page is looked at, hidden, or left for a call: three different things. */
function usePresence(talk: Talk, onBack: () => void): void {
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
function useSignal(view: Talk["view"], sound: boolean): void {
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

/** Fills `root`. False: there was a talk to go back to, and it is not there any more. */
export async function openTalk(root: HTMLElement, resuming: boolean): Promise<boolean> {
  const place = await prepare();
  const { vault, trust } = place;
  const talk = resuming ? await resumeTalk({ vault, trust }) : null;
  if (resuming && talk === null) {
    forgetTalk();
    return false;
  }
  const draft = resuming ? await place.drafts.load(DRAFT) : "";
  render(<App first={{ place, talk, draft }} />, root);
  return true;
}
