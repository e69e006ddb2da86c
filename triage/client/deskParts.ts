/** What a desk is made of. */

import type { Pairing } from "../../chat/client/pairing.ts";
import type { Talk } from "../../chat/client/talk.ts";
import type { BoardAsks } from "./boardAsks.ts";
import type { RiskNotes } from "./danger/riskNotes.ts";
import type { Wheres } from "./dispatch/wheres.ts";
import type { Drafts } from "./drafts.ts";
import type { Proofs } from "./proofs.ts";

export interface DeskParts extends Proofs {
  readonly drafts: Drafts;
  readonly risks: RiskNotes;
  readonly wheres: Wheres;
  /** Asks the board for the next person: the reference of the talk. Rejects with a `code`. */
  take(): Promise<string>;
  /** What else can be asked of the board; each rejects with a `code`. */
  readonly board: BoardAsks;
  /** Sits down in a talk. Rejects with a `code`. */
  attend(ref: string, since: number): Promise<Talk>;
  /** Notes that somebody was asked whether to be looked in on. False: it was not noted. */
  followUp(caseCode: string, wanted: boolean, days: number): Promise<boolean>;
  /** A room of two with a colleague; null where this page has no keys. */
  readonly pairing: Pairing | null;
}
