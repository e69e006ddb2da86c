/** The card of who comes next: fetched when there is one, not with a talk. */

import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Talk, TalkView } from "../../../chat/client/talk.ts";
import { NotYet } from "../../../chat/client/view/lateCard.tsx";
import type { NextPersonProps } from "./nextPerson.tsx";

type Drawn = FunctionComponent<NextPersonProps>;

export interface NextAskedProps extends Pick<NextPersonProps, "onStop"> {
  readonly view: TalkView;
  readonly talk: Pick<Talk, "answerNext">;
}

/** Nothing, as long as nobody else is to go on with the talk. */
export function NextAsked({ view, talk, onStop }: NextAskedProps) {
  const { handover } = view;
  return handover === undefined ? null : (
    <LateNext
      handover={handover}
      onAnswer={(answer) => void talk.answerNext?.(answer)}
      onStop={onStop}
    />
  );
}

function LateNext(props: NextPersonProps) {
  const [Part, setPart] = useState<Drawn | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let wanted = true;
    setFailed(false);
    import("./nextPerson.tsx").then(
      ({ NextPerson }) => wanted && setPart(() => NextPerson),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [tries]);
  return Part === null ? (
    <NotYet failed={failed} again={() => setTries(tries + 1)} />
  ) : (
    <Part {...props} />
  );
}
