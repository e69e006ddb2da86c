/** The seeker's page once it has been started: from the start to the end of a talk. */

import { render } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { resumeTalk, startTalk, type Talk } from "../../chat/client/talk.ts";
import { isErasing } from "../../chat/client/view/endings.tsx";
import type { CallQuestion } from "../../triage/client/callAsked.tsx";
import { isCalm, Listening } from "../../triage/client/cues/listening.ts";
import { Drafts } from "../../triage/client/drafts.ts";
import type { Intake } from "../../triage/client/intake/intake.ts";
import { MISTAKE_WITHIN } from "../../triage/client/intake/intake.ts";
import { IntakeFlow } from "../../triage/client/intake/intakeFlow.tsx";
import { Telling } from "../../triage/client/intake/telling.ts";
import { Referrals } from "../../triage/client/referral/referrals.ts";
import { useNow, usePresence, useSignal } from "../../triage/client/seekerHooks.ts";
import { SeekerTalk, type Sheet } from "../../triage/client/seekerTalk.tsx";
import type { Beginning } from "../../triage/client/start.tsx";
import { Trust } from "./certificates.ts";
import { armChime } from "./chime.ts";
import { byId } from "./dom.ts";
import { leave, onLeave } from "./exit.ts";
import { tCode } from "./i18n.ts";
import { fetchLog } from "./knownLog.ts";
import { forgetTalk, hasLater, markTalk } from "./traces.ts";
import { Vault } from "./vault.ts";

declare const __ORG_ROOT__: string;
declare const __LANGUAGE__: string;

const VAULT = "talk";
const DRAFT = "seeker";
const INTAKE = "intake";
const CUES = "cues";

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
  readonly telling: Telling;
  readonly listening: Listening;
  readonly talk: Talk | null;
  readonly draft: string;
  /** Whoever was talked with on this page before, to be asked for again. */
  readonly listener: Listener | null;
}

interface Listener {
  readonly name: string;
  readonly person: string;
}

function tellingOf({ drafts }: Place, kept = ""): Telling {
  const keep = (text: string): void => drafts.set(INTAKE, text);
  return new Telling({ language: __LANGUAGE__, keep }, kept);
}

function listeningOf({ drafts }: Place, kept = ""): Listening {
  return new Listening({ keep: (text) => drafts.set(CUES, text) }, kept);
}

/** What comes of words that are kept or were sent: a step up, or a word to whoever is there. */
async function overhear(
  { listening, telling }: Pick<Held, "listening" | "telling">,
  talk: Talk,
  text: string,
): Promise<void> {
  const alone = talk.view.phase !== "active";
  const found = await listening.hear(text, { alone, calm: isCalm(telling.intake) });
  if (alone && found.raise) {
    telling.worse("");
  } else if (!alone && found.card) {
    await talk.cue?.(found.raise ? "raise" : "ask");
  }
}

function useIntake(telling: Telling): Intake {
  const [intake, setIntake] = useState(telling.intake);
  useEffect(() => {
    setIntake(telling.intake);
    return telling.subscribe(setIntake);
  }, [telling]);
  return intake;
}

function App({ first }: { first: Held }) {
  const [held, setHeld] = useState(first);
  const { place, telling, listening, talk, draft, listener } = held;
  const intake = useIntake(telling);
  const [state, setState] = useState<"ready" | "opening" | "failed">("ready");
  const [reason, setReason] = useState<string | undefined>();
  document.documentElement.classList.add("talking");
  const start = async ({ keep, firstLine }: Beginning): Promise<void> => {
    armChime();
    setState("opening");
    try {
      const { vault, trust } = place;
      await vault.keep(keep);
      const begun = telling.begin();
      const talk = await startTalk({ vault, trust, firstLine, ...begun });
      markTalk(keep);
      telling.placed(talk, begun);
      void overhear(held, talk, firstLine);
      setHeld({ ...held, talk, draft: "" });
      setState("ready");
    } catch (problem) {
      const code = codeOf(problem);
      setReason(code === "unknown" ? undefined : tCode("errors", code));
      setState("failed");
    }
  };
  // Nothing of the last talk reaches the next one: another vault, other keys.
  const again = async (): Promise<void> => {
    const present = talk?.view.members.find((member) => !member.me && member.role === "counsellor");
    talk?.close();
    forgetTalk();
    await place.vault.wipe();
    const next = await prepare();
    const listener = present ? { name: present.name, person: present.person } : null;
    const fresh = { place: next, telling: tellingOf(next), listening: listeningOf(next) };
    setHeld({ ...fresh, talk: null, draft: "", listener });
  };
  if (talk === null) {
    return (
      <IntakeFlow
        intake={intake}
        telling={telling}
        state={state}
        reason={reason}
        listener={listener?.name ?? ""}
        onListener={(same) => telling.wish(same ? (listener?.person ?? "") : "")}
        onStart={(beginning) => void start(beginning)}
        now={() => Date.now()}
      />
    );
  }
  return (
    <TalkPage
      place={place}
      talk={talk}
      telling={telling}
      listening={listening}
      intake={intake}
      firstDraft={draft}
      onAgain={() => void again()}
    />
  );
}

/** The day to come back on goes with the talk, where its owner erases that. */
async function forgetLater(): Promise<void> {
  if (!hasLater()) return;
  const { forgetAll } = await import("../../triage/client/followup/kept.ts");
  await forgetAll();
}

interface TalkPageProps {
  readonly place: Place;
  readonly talk: Talk;
  readonly telling: Telling;
  readonly listening: Listening;
  readonly intake: Intake;
  readonly firstDraft: string;
  readonly onAgain: () => void;
}

function TalkPage(props: TalkPageProps) {
  const { place, talk, telling, listening, intake, firstDraft, onAgain } = props;
  const [view, setView] = useState(talk.view);
  const [draft, setDraft] = useState(firstDraft);
  const [sheet, setSheet] = useState<Sheet>("");
  const [call, setCall] = useState<CallQuestion>("");
  // Whoever is being hurt may not be alone: nothing rings.
  const [sound, setSound] = useState(intake.answers["safe"] !== "harmed");
  const [erasing, setErasing] = useState(false);
  const [endedHere, setEndedHere] = useState(false);
  const now = useNow(intake.pressedAt + MISTAKE_WITHIN);
  useEffect(() => talk.subscribe(setView), [talk]);
  usePresence(talk, () => setCall("asking"));
  useSignal(view, sound);
  const [card, setCard] = useState(listening.card);
  useEffect(() => listening.subscribe(setCard), [listening]);
  useEffect(() => void listening.warm(), [listening]);
  const [referrals] = useState(
    () => new Referrals({ vault: place.vault, trust: place.trust, talk }),
  );
  useEffect(() => {
    void referrals.wake();
    return () => referrals.close();
  }, [referrals]);
  // Somebody came, or went: what lay over the waiting room belongs to it.
  useEffect(() => setSheet(""), [view.phase === "active"]);
  const gone = view.phase === "lost-seat" || (view.phase === "erased" && !isErasing(view));
  useEffect(() => {
    if (gone) {
      referrals.close();
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
  const said = (text: string): void => void overhear({ listening, telling }, talk, text);
  const end = (): void => {
    setEndedHere(true);
    setSheet("");
    void talk.end();
  };
  const erase = async (): Promise<void> => {
    setErasing(true);
    setDraft("");
    await place.drafts.drop(DRAFT);
    await place.drafts.drop(INTAKE);
    await place.drafts.drop(CUES);
    await referrals.forget();
    await forgetLater();
    await talk.erase();
    setErasing(false);
    setSheet("");
  };
  const clear = (): Promise<void> =>
    leave(neutralPage(), async () => {
      talk.close();
      referrals.close();
      forgetTalk();
      await forgetLater();
      await place.vault.wipe();
    });
  return (
    <SeekerTalk
      view={view}
      talk={talk}
      intake={intake}
      telling={telling}
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
      onSaid={said}
      card={card}
      onCard={() => listening.putAway()}
      place={lookup}
      referrals={referrals}
    />
  );
}

/** Fills `root`. False: there was a talk to go back to, and it is not there any more. */
export async function openTalk(
  root: HTMLElement,
  resuming: boolean,
  listener: Listener | null = null,
): Promise<boolean> {
  const place = await prepare();
  const { vault, trust } = place;
  const talk = resuming ? await resumeTalk({ vault, trust }) : null;
  if (resuming && talk === null) {
    forgetTalk();
    return false;
  }
  const draft = resuming ? await place.drafts.load(DRAFT) : "";
  const telling = tellingOf(place, resuming ? await place.drafts.load(INTAKE) : "");
  const listening = listeningOf(place, resuming ? await place.drafts.load(CUES) : "");
  if (talk !== null) {
    telling.placed(talk, null);
  } else if (listener !== null) {
    telling.wish(listener.person); // they have just tapped that name
  }
  render(<App first={{ place, telling, listening, talk, draft, listener }} />, root);
  return true;
}
