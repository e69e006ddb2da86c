/** Where somebody works, as coarsely as it helps: a province and an industry, or nothing said. */

import type { VNode } from "preact";

import { INDUSTRIES, REGIONS } from "./contract.ts";
import { t } from "./i18n.ts";

export interface PlaceFieldsProps {
  readonly region: string;
  readonly industry: string;
  /** What the empty choice says. */
  readonly unsaid: string;
  /** Told of every change of either; codes, or empty. */
  change(region: string, industry: string): void;
}

export function PlaceFields({ region, industry, unsaid, change }: PlaceFieldsProps): VNode {
  return (
    <>
      <Choice
        label={t("own.places.region")}
        codes={REGIONS}
        chosen={region}
        unsaid={unsaid}
        choose={(code) => change(code, industry)}
      />
      <Choice
        label={t("own.places.industry")}
        codes={INDUSTRIES}
        chosen={industry}
        unsaid={unsaid}
        choose={(code) => change(region, code)}
      />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly codes: readonly string[];
  readonly chosen: string;
  readonly unsaid: string;
  choose(code: string): void;
}

function Choice({ label, codes, chosen, unsaid, choose }: ChoiceProps): VNode {
  return (
    <label>
      {label}
      <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{unsaid}</option>
        {codes.map((code) => (
          <option key={code} value={code}>
            {t(`places.${code}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
