/** One service of the directory as a form: what a person can check by telephone, in that order. */

import type { VNode } from "preact";

import { REGIONS } from "../../../counsel/client/contract.ts";
import { t } from "../../../counsel/client/i18n.ts";
import { goOnFrom, Outcome } from "../../../counsel/client/office/speaking.tsx";
import { Assured, type DirectoryProps, kindName, regionName } from "./deskWords.tsx";
import { AT } from "./directoryBook.ts";
import { ANSWERS, KINDS, type ServiceForm, STATUSES } from "./questions.ts";
import { Hours, Phones } from "./serviceRows.tsx";

/** Fields of one line, and how long they may be; the others are longer and come after. */
const LINES: Readonly<Record<string, number>> = {
  name: 120,
  organisation: 120,
  address: 200,
  city: 60,
};
const LONG: Readonly<Record<string, number>> = {
  way: 300,
  description: 1000,
  eligibility_description: 500,
  application_process: 500,
  id_documents: 300,
  fees_description: 300,
  ambulance_cost: 300,
  wait_time: 200,
  alert: 300,
  source: 300,
};

interface PaneProps extends DirectoryProps {
  readonly form: ServiceForm;
}

export function ServicePane(props: PaneProps): VNode {
  const { book, view, form } = props;
  const close = (): void => {
    book.write(null);
    goOnFrom(form.id === "" ? "begin-service" : `open-${form.id}`)(true);
  };
  return (
    <form
      class="card stack"
      noValidate
      aria-labelledby="service-title"
      onSubmit={(event) => {
        event.preventDefault();
        void book.save().then(goOnFrom("service-title"));
      }}
    >
      <h2 id="service-title" tabIndex={-1}>
        {form.id === "" ? t("directory_desk.form.fresh") : form.words["name"]}
      </h2>
      {form.sample && <p class="due">◆ {t("directory_desk.form.sample")}</p>}
      <Outcome page={view} at={AT.form} section="directory_desk" />
      {form.id !== "" && <Vouching {...props} />}
      <Lines {...props} />
      <Choices {...props} />
      <Phones rows={form.phones} write={(phones) => put(props, { phones })} />
      <Hours rows={form.hours} write={(hours) => put(props, { hours })} />
      {Object.entries(LONG).map(([name, longest]) => (
        <LongField key={name} {...props} name={name} longest={longest} />
      ))}
      <div class="answers">
        <button type="submit" class="firm" aria-disabled={view.busy !== ""}>
          {t("directory_desk.form.save")}
        </button>
        <button type="button" class="second" onClick={close}>
          {t("directory_desk.form.close")}
        </button>
      </div>
    </form>
  );
}

/** Whether somebody rang, and whether all of it is so. */
function Vouching({ book, view, form, now }: PaneProps): VNode {
  const busy = view.busy !== "";
  const act = (does: () => Promise<boolean>) => (): void => {
    void (busy || does().then(goOnFrom("service-title")));
  };
  return (
    <div class="stack inner">
      <Assured assured={form.assured} now={now} />
      <p class="soft">
        {form.called === ""
          ? t("directory_desk.form.never_called")
          : t("directory_desk.form.called", { when: form.called.slice(0, 10) })}
      </p>
      <div class="answers">
        <button type="button" class="second" onClick={act(() => book.called(form, true))}>
          {t("directory_desk.form.answered")}
        </button>
        <button type="button" class="second" onClick={act(() => book.called(form, false))}>
          {t("directory_desk.form.unanswered")}
        </button>
        <button type="button" class="second" id="assure" onClick={act(() => book.assure(form))}>
          {t("directory_desk.form.assure")}
        </button>
      </div>
    </div>
  );
}

function put({ book, form }: PaneProps, part: Partial<ServiceForm>): void {
  book.write({ ...form, ...part });
}

function say(props: PaneProps, name: string, value: string): void {
  put(props, { words: { ...props.form.words, [name]: value } });
}

function Lines(props: PaneProps): VNode {
  return (
    <div class="directory-fields">
      {Object.entries(LINES).map(([name, longest]) => (
        <label key={name}>
          {t(`directory_desk.fields.${name}`)}
          <input
            name={name}
            value={props.form.words[name] ?? ""}
            maxLength={longest}
            autoComplete="off"
            onInput={(event) => say(props, name, event.currentTarget.value)}
          />
        </label>
      ))}
    </div>
  );
}

function LongField(props: PaneProps & { name: string; longest: number }): VNode {
  const { form, name, longest } = props;
  return (
    <label>
      {t(`directory_desk.fields.${name}`)}
      <textarea
        name={name}
        rows={2}
        value={form.words[name] ?? ""}
        maxLength={longest}
        autoComplete="off"
        onInput={(event) => say(props, name, event.currentTarget.value)}
      />
    </label>
  );
}

interface PickProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onPick: (value: string) => void;
}

function Pick({ label, value, options, onPick }: PickProps): VNode {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map(([code, words]) => (
          <option key={code} value={code}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Digits somebody typed, or 0. */
function minutesOf(typed: string): number {
  return /^\d{1,5}$/.test(typed) ? Number(typed) : 0;
}

function Choices(props: PaneProps): VNode {
  const { form } = props;
  const answers = ["", "yes", "no"].map(
    (code) => [code, t(`directory_desk.answers.${code || "unknown"}`)] as const,
  );
  return (
    <div class="directory-fields">
      <Pick
        label={t("directory_desk.fields.kind")}
        value={form.kind}
        options={KINDS.map((code) => [code, kindName(code)])}
        onPick={(kind) => put(props, { kind })}
      />
      <Pick
        label={t("directory_desk.fields.region")}
        value={form.region}
        options={["", ...REGIONS].map((code) => [code, regionName(code)])}
        onPick={(region) => put(props, { region })}
      />
      <Pick
        label={t("directory_desk.fields.status")}
        value={form.status}
        options={STATUSES.map((code) => [
          code,
          t(`directory_desk.statuses.${code.split(" ").join("_")}`),
        ])}
        onPick={(status) => put(props, { status })}
      />
      {ANSWERS.map((name) => (
        <Pick
          key={name}
          label={t(`directory_desk.fields.${name}`)}
          value={form.words[name] ?? ""}
          options={answers}
          onPick={(value) => say(props, name, value)}
        />
      ))}
      <label>
        {t("directory_desk.fields.minutes")}
        <input
          name="minutes"
          inputMode="numeric"
          maxLength={6}
          value={String(form.minutes)}
          onInput={(event) => put(props, { minutes: minutesOf(event.currentTarget.value) })}
        />
      </label>
      <label class="tick">
        <input
          type="checkbox"
          checked={form.inPlant}
          onChange={(event) => put(props, { inPlant: event.currentTarget.checked })}
        />
        {t("directory_desk.fields.in_plant")}
      </label>
    </div>
  );
}
