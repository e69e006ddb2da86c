/**
 * What letters are sealed with: the suite of the talks. Handed in by the page that has it already, so
 * that what comes later does not cut the talk's own file into more pieces.
 */

import { cipherSuite } from "../../../chat/client/mls/provider.ts";

export type Tools = typeof TOOLS;

export const TOOLS = {
  hpke: async () => (await cipherSuite()).hpke,
};
