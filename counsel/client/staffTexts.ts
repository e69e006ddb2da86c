/** Loaded first on the staff page: after it, staff sentences are found like all others. */

import texts from "catalogue/staff";

import { learn } from "./i18n.ts";

learn(texts);
