/** One connection to the server of these tests, and what becomes of a frame on its way. */

import { CHAT, type ChatFrame } from "../../../counsel/client/contract.ts";
import { pack, type Said, unpack } from "../../../counsel/client/framing.ts";

type Heard = Said<ChatFrame>;

/** What a line needs to know of whoever is behind it. */
interface Behind {
  readonly luck: Luck;
  readonly sizes: [string, number][];
  gone(line: Line): void;
}

/** What happens to one frame on its way to a client. */
export type Fate = "arrive" | "twice" | "lost" | "cut" | "late";

export interface Luck {
  /** A refusal instead of carrying the command out. */
  refuse?(side: string, frame: ChatFrame): string | null;
  /** A frame to this side. */
  out(side: string, frame: ChatFrame): Fate;
  /** After a command was carried out and before it is answered: is the line cut? */
  cutBeforeAnswer(side: string, frame: ChatFrame): boolean;
}

export const KIND: Luck = { out: () => "arrive", cutBeforeAnswer: () => false };

export class Line {
  readonly side: string;
  private readonly server: Behind;
  private readonly hearing: (said: Heard) => void;
  private readonly ending: () => void;
  private open = true;
  staff = "";
  private late: Heard[] = [];

  constructor(server: Behind, side: string, hearing: (said: Heard) => void, ending: () => void) {
    this.server = server;
    this.side = side;
    this.hearing = hearing;
    this.ending = ending;
  }

  get isOpen(): boolean {
    return this.open;
  }

  push(frame: ChatFrame, correlation = 0) {
    const fate = this.server.luck.out(this.side, frame);
    if (fate === "cut") return this.cut();
    if (fate === "lost") return;
    if (fate === "late") {
      this.late.push({ frame, correlation });
      return;
    }
    this.deliver({ frame, correlation });
    if (fate === "twice") this.deliver({ frame, correlation });
    for (const said of this.late.splice(0)) this.deliver(said);
  }

  private deliver(said: Heard) {
    const bytes = pack([said], CHAT);
    this.server.sizes.push([said.frame.kind, bytes.length]);
    setTimeout(() => {
      if (!this.open) return;
      for (const one of unpack(bytes, CHAT)) this.hearing(one);
    }, 1);
  }

  cut() {
    if (!this.open) return;
    this.open = false;
    this.server.gone(this);
    setTimeout(() => this.ending(), 1);
  }

  close() {
    this.open = false;
    this.server.gone(this);
  }
}
