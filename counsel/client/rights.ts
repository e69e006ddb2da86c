/** What a page offers to whom. Offering is all it does: the server judges every question itself. */

import type { StaffRole } from "./staffApi.ts";
import { RIGHTS, type Right } from "./staffContract.ts";

export function may(role: StaffRole, right: Right): boolean {
  return RIGHTS[right].includes(role);
}
