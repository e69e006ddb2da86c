/** On the first page, when there is something to come back to: the card, once its day has come. */

import { render } from "preact";
import { answered, due, isOver, type Revisit, slotOf } from "./days.ts";
import { BackCard, forgetRevisit, keepRevisit, readRevisit, SLOTS } from "./part.tsx";

export interface Whom {
  readonly name: string;
  readonly person: string;
}

export interface Landed {
  /** Whether somebody can come in now. */
  door(open: boolean): void;
}

/** Shows it in `place`. `talk` leads to the first question. */
export async function showBack(place: HTMLElement, talk: (whom: Whom) => void): Promise<Landed> {
  const now = Date.now();
  for (const slot of SLOTS) {
    const revisit = await readRevisit(slot);
    if (revisit === null || isOver(revisit, now)) {
      await forgetRevisit(slot);
      continue;
    }
    const which = due(revisit, now);
    if (which !== null) return new Shown(place, revisit, which, talk);
  }
  return { door: () => undefined };
}

class Shown implements Landed {
  private readonly place: HTMLElement;
  private readonly revisit: Revisit;
  private readonly which: number;
  private readonly talk: (whom: Whom) => void;
  private open = false;

  constructor(place: HTMLElement, revisit: Revisit, which: number, talk: (whom: Whom) => void) {
    this.place = place;
    this.revisit = revisit;
    this.which = which;
    this.talk = talk;
    place.hidden = false;
    this.draw();
  }

  door(open: boolean): void {
    this.open = open;
    if (!this.place.hidden) this.draw();
  }

  private draw(): void {
    const { revisit, open } = this;
    render(
      <BackCard
        revisit={revisit}
        open={open}
        onAnswered={() => void this.answer().then(() => this.close())}
        onStop={() => void forgetRevisit(slotOf(revisit)).then(() => this.close())}
        onTalk={() => void this.answer().then(() => this.goTalk())}
      />,
      this.place,
    );
  }

  private async answer(): Promise<void> {
    const next = answered(this.revisit, this.which);
    await (next === null ? forgetRevisit(slotOf(this.revisit)) : keepRevisit(next));
  }

  private goTalk(): void {
    this.close();
    this.talk({ name: this.revisit.name, person: this.revisit.person });
  }

  private close(): void {
    render(null, this.place);
    this.place.hidden = true;
  }
}
