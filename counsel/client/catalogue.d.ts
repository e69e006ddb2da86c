/** The texts of the page's language: those of a talk, and those only staff see (`catalogue.mjs`). */
declare module "catalogue" {
  export interface Texts {
    readonly [key: string]: string | Texts;
  }
  const texts: Texts;
  export default texts;
}

declare module "catalogue/staff" {
  import type { Texts } from "catalogue";

  const texts: Texts;
  export default texts;
}

declare module "catalogue/place_card" {
  import type { Texts } from "catalogue";

  const texts: Texts;
  export default texts;
}

declare module "catalogue/directory" {
  import type { Texts } from "catalogue";

  const texts: Texts;
  export default texts;
}

declare module "catalogue/referral" {
  import type { Texts } from "catalogue";

  const texts: Texts;
  export default texts;
}

declare module "catalogue/help" {
  import type { Texts } from "catalogue";

  const texts: Texts;
  export default texts;
}

declare module "catalogue/handover" {
  import type { Texts } from "catalogue";

  const texts: Texts;
  export default texts;
}

declare module "catalogue/later" {
  import type { Texts } from "catalogue";

  const texts: Texts;
  export default texts;
}
