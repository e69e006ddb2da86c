/** The danger button's page: the numbers at once, then one tap for what it is. */

import { OtherButton } from "../../../chat/client/view/endings.tsx";
import { NumbersCard } from "../../../chat/client/view/numbersCard.tsx";
import { t } from "../../../counsel/client/i18n.ts";
import type { Danger } from "./intake.ts";

export interface DangerPageProps {
  /** Whether somebody is called by now, or nobody because the place could not be had; `told`: somebody
   * is with them, and a supervisor is called; `unheard`: once the line is back. */
  readonly calling: "opening" | "called" | "failed" | "told" | "unheard";
  readonly reason?: string | undefined;
  /** Whether it is asked what it is; an answer that says so needs no second tap. */
  readonly taps: boolean;
  readonly mayTakeBack: boolean;
  readonly onTap: (danger: Danger) => void;
  readonly onAgain?: (() => void) | undefined;
  /** To the talk that goes on. */
  readonly onBack?: (() => void) | undefined;
}

const TAPS: readonly Danger[] = ["now", "afraid", "threatened"];

export function DangerPage(props: DangerPageProps) {
  const { calling, reason, onTap, onAgain, onBack } = props;
  const taps = props.mayTakeBack ? [...TAPS, "mistake" as const] : TAPS;
  const failed = calling === "failed";
  return (
    <main class="screen danger">
      <h1 tabIndex={-1}>{t("numbers.safety")}</h1>
      <p role="status" class={failed || calling === "unheard" ? "attention" : ""}>
        {failed && reason !== undefined ? reason : t(`intake.danger.${calling}`)}
      </p>
      {onAgain !== undefined && (
        <button type="button" class="act" onClick={onAgain}>
          {t("intake.danger.again")}
        </button>
      )}
      <NumbersCard title={t("intake.danger.dial")} />
      {props.taps && (
        <>
          <h2>{t("intake.danger.which")}</h2>
          <div class="options">
            {taps.map((tap) => (
              <button key={tap} type="button" class="option" onClick={() => onTap(tap)}>
                {t(`intake.danger.taps.${tap}`)}
              </button>
            ))}
          </div>
        </>
      )}
      <p>{t("numbers.say")}</p>
      <p>{t("numbers.cannot")}</p>
      {onBack !== undefined && <OtherButton label={t("talk.back")} onPress={onBack} />}
    </main>
  );
}
