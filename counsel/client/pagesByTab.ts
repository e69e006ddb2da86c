/**
 * The pages inside the console beside the listening desk. Each is loaded when somebody opens it, so
 * that the desk waits for none of them.
 */

import type { InsidePages } from "./insidePages.ts";

export const INSIDE_PAGES: InsidePages = {
  own: async () => (await import("./ownPage.tsx")).OwnPage,
};
