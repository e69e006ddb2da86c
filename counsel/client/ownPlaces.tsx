/** Where one works oneself, so that nobody has to open up to a neighbour of the same trade. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { useAsking } from "./asking.ts";
import { Told } from "./fields.tsx";
import { t } from "./i18n.ts";
import { changePlaces, type OwnPlaces } from "./own.ts";
import { PlaceFields } from "./placeFields.tsx";
import type { StaffApi } from "./staffApi.ts";

export function PlacesCard({ api, places }: { api: StaffApi; places: OwnPlaces }): VNode {
  const asking = useAsking();
  const [said, setSaid] = useState(places);
  const [done, setDone] = useState(false);
  const change = (change: Partial<OwnPlaces>): void => {
    setDone(false);
    setSaid({ ...said, ...change });
  };
  const keep = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!asking.busy && asking.left === 0) {
      setDone((await asking.run(() => changePlaces(api, said))) === true);
    }
  };
  return (
    <section class="card" aria-labelledby="own-places">
      <h2 id="own-places">{t("own.places.title")}</h2>
      <p>{t("own.places.says")}</p>
      <form class="fold" noValidate onSubmit={(event) => void keep(event)}>
        <PlaceFields
          region={said.region}
          industry={said.industry}
          unsaid={t("own.places.unsaid")}
          change={(region, industry) => change({ region, industry })}
        />
        <label class="tick">
          <input
            type="checkbox"
            checked={said.inPlant}
            onChange={() => change({ inPlant: !said.inPlant })}
          />
          {t("own.places.in_plant")}
        </label>
        <p class="soft">{t("own.places.who_sees")}</p>
        <Told asking={asking} section="own.failed" />
        <p role="status">{done && t("own.places.done")}</p>
        <button type="submit" class="second" aria-disabled={asking.busy || asking.left > 0}>
          {t("own.places.keep")}
        </button>
      </form>
    </section>
  );
}
