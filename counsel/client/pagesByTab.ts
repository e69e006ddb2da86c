/**
 * The pages inside the console beside the listening desk. Each is loaded when somebody opens it, so
 * that the desk waits for none of them.
 */

import type { InsidePages } from "./insidePages.ts";

export const INSIDE_PAGES: InsidePages = {
  keys: async () => (await import("./keys/keysPage.tsx")).KeysPage,
  people: async () => (await import("./office/people.tsx")).PeoplePage,
  organisation: async () => (await import("./office/organisation.tsx")).OrganisationPage,
  trail: async () => (await import("./audit/trailPage.tsx")).TrailPage,
  own: async () => (await import("./ownPage.tsx")).OwnPage,
};
