/** What a seeker's page fetches when somebody wants to come back: the page of it, and its sentences. */

import texts from "catalogue/later";

import { learn } from "../../../counsel/client/i18n.ts";

learn(texts);

export { BackCard } from "./backCard.tsx";
export { forgetRevisit, keepRevisit, readRevisit, SLOTS } from "./kept.ts";
export { RevisitPage } from "./revisitPage.tsx";
