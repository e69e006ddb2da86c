/** What staff can do beside talking: let a supervisor in and out, and go as one. */

import type { Trust } from "../../counsel/client/certificates.ts";
import { RefusalError } from "../../counsel/client/refusal.ts";
import { OpenTalk } from "./openTalk.ts";
import { add, newEntry } from "./outbox.ts";
import { makeRelease } from "./release.ts";
import type { Room } from "./room.ts";
import type { StaffSide } from "./staffSide.ts";
import { type Coming, checkPapers, type Papers } from "./succeeding.ts";
import { type Asked, checkWish } from "./wishes.ts";

export class BesideTalk extends OpenTalk {
  private readonly trust: Trust;
  /** Null for a supervisor who is a guest. */
  private readonly host: StaffSide | null;

  constructor(room: Room, trust: Trust, host: StaffSide | null) {
    super(room);
    this.trust = trust;
    this.host = host;
  }

  async whoAsks(asked: Asked): Promise<string> {
    const { group } = this.room.held;
    if (group === null) throw new RefusalError("missing-rows");
    return checkWish(asked, group, this.trust);
  }

  admit(asked: Asked): void {
    this.host?.wantIn(this.room, asked);
  }

  takeOut(): void {
    this.host?.wantOut(this.room);
  }

  async whoComes(papers: Papers): Promise<Coming> {
    const { group } = this.room.held;
    if (group === null) throw new RefusalError("missing-rows");
    return checkPapers(papers, group, this.trust);
  }

  async nameNext(coming: Coming | null, summary: string): Promise<void> {
    const { room } = this;
    await room.inTurn(async () => {
      const { group, keys, saved } = room.held;
      if (group === null) return;
      const told = coming && { ...coming, summary };
      const text = told === null ? "" : await makeRelease(keys.signer, group.groupId, told);
      // What was not sent yet is not sent any more: one person is named, or nobody.
      const others = saved.outbox.filter((one) => one.kind !== "release" || one.sealed !== null);
      await room.change({ outbox: add(others, newEntry("release", text, room.now(), [])) });
    });
    room.work();
  }

  async letGo(): Promise<void> {
    await this.room.finish("lost-seat");
  }

  /** The others' clients take us out when they read it; here everything goes at once. */
  async stepOut(): Promise<void> {
    const { room } = this;
    await room.inTurn(async () => {
      const word = newEntry("leave", "", room.now(), []);
      const sealed = room.saved.outbox.filter((entry) => entry.sealed !== null);
      await room.change({ outbox: add(sealed, word) });
    });
    room.work();
    await this.lastWords();
    await room.finish("lost-seat");
  }
}
