/** What is said on the telephone, and what help costs: data somebody signs, and their sentences. */

import { language } from "../../../counsel/client/i18n.ts";
import book from "../../dispatch/script.json" with { type: "json" };

type Whom = keyof typeof book.lines;

/** What is said on the telephone, line by line: names of sentences. */
export function scriptFor(whom: string): readonly string[] {
  return whom in book.lines ? book.lines[whom as Whom] : book.lines["120"];
}

export const SIGNED: boolean = book.signed_off !== null;
/** What an ambulance costs here; "" where nobody has written it. */
export const COST: string = book.cost[language.startsWith("zh") ? "zh" : "en"];
