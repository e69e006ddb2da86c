/** The issuer's book of whoever is signed in: one for the page and for what is said over every tab. */

import { shelfOf } from "../office/book.ts";
import { KeysBook } from "./keysBook.ts";
import { staffStore, staffTrust } from "./staffTrust.ts";

export const keysBook = shelfOf(
  (api, me) =>
    new KeysBook(api, me, async () => ({
      api,
      me,
      store: await staffStore(),
      trust: await staffTrust(),
    })),
);
