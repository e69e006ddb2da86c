/** The refusals of this folder, beside it for those who read here first. */

export { REFUSALS, type RefusalCode, RefusalError } from "../../../counsel/client/refusal.ts";
