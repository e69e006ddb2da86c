/** The directory's own sentences: they come with it, not with a talk. */

import texts from "catalogue/directory";

import { learn } from "../../../counsel/client/i18n.ts";

learn(texts);
