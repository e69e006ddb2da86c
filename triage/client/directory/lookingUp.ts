/** What a page loads when somebody looks something up, in one piece. */

export { Lookup } from "./lookup.tsx";
export { Pocket } from "./pocket.ts";
