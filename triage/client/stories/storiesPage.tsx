/** Stories for those who wait: staff write them, a second person reads them, and only then anybody. */

import type { VNode } from "preact";

import { Field } from "../../../counsel/client/fields.tsx";
import { language, t, tCode } from "../../../counsel/client/i18n.ts";
import type { PageProps } from "../../../counsel/client/insidePages.ts";
import { shelfOf } from "../../../counsel/client/office/book.ts";
import { AskFirst, Failure, Outcome, useBook } from "../../../counsel/client/office/speaking.tsx";
import { may } from "../../../counsel/client/rights.ts";
import reminding from "../../stories/reminders.json" with { type: "json" };
import { atStory, LIST, StoriesBook, type StoriesView, WRITING } from "./book.ts";
import type { Story } from "./questions.ts";

/** Characters; the server refuses more (`triage/stories/rows.py`). */
const TITLE_AT_MOST = 40;
const WORDS_AT_MOST = 1500;
const LANGUAGES = ["zh", "en"];

const bookOf = shelfOf(
  (api, me) => new StoriesBook(api, me, language.startsWith("zh") ? "zh" : "en"),
);

interface Props {
  readonly book: StoriesBook;
  readonly view: StoriesView;
}

export function StoriesPage({ me, api }: PageProps): VNode {
  const book = bookOf(api, me);
  const view = useBook(book);
  const { list } = view;
  const reads = may(me.role, "judge-stories"); // what waits to be read comes before one's own writing
  return (
    <div class="inside office stories">
      <h1>{t("stories.title")}</h1>
      <p class="soft">{t("stories.says")}</p>
      {!reads && <Write book={book} view={view} />}
      {view.failure !== "" && (
        <Failure code={view.failure} stale={list !== null} again={() => void book.load()} />
      )}
      <Outcome page={view} at={LIST} section="stories" />
      <p role="status">{standing(view)}</p>
      <ul class="rows">
        {list?.rows.map((row) => (
          <Row key={row.id} row={row} book={book} view={view} />
        ))}
      </ul>
      {list !== null && list.more > 0 && (
        <p class="soft">{t("stories.more", { count: list.more })}</p>
      )}
      {reads && <Write book={book} view={view} />}
    </div>
  );
}

function standing({ list, failure }: StoriesView): string {
  if (list === null) return failure === "" ? t("stories.loading") : "";
  const count = list.rows.length;
  return count === 0 ? t("stories.none") : t("stories.count", { count: count + list.more });
}

function Write({ book, view }: Props): VNode {
  const { draft, agreed } = view;
  const said = draft.title.trim() !== "" && draft.text.trim() !== "";
  const ready = said && agreed && view.busy === "";
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void book.handIn();
      }}
    >
      <h2>{t("stories.remind")}</h2>
      <ul class="plain-list">
        {reminding.reminders.map((name) => (
          <li key={name}>{t(`stories.reminders.${name}`)}</li>
        ))}
      </ul>
      {reminding.signed_off === null && <p class="unsigned">{t("mode.unsigned")}</p>}
      <Words book={book} view={view} />
      <label class="tick">
        <input type="checkbox" checked={agreed} onChange={() => book.agree(!agreed)} />
        {t("stories.agreed")}
      </label>
      <button type="submit" class="firm" id="story-send" aria-disabled={!ready}>
        {t("stories.send")}
      </button>
      <Outcome page={view} at={WRITING} section="stories" />
    </form>
  );
}

function Words({ book, view: { draft } }: Props): VNode {
  return (
    <>
      <label>
        {t("stories.language")}{" "}
        <select
          value={draft.language}
          onChange={(event) => book.write({ language: event.currentTarget.value })}
        >
          {LANGUAGES.map((name) => (
            <option key={name} value={name}>
              {t(`stories.languages.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <Field label={t("stories.name")} hint={t("stories.name_hint", { most: TITLE_AT_MOST })}>
        {(tied) => (
          <input
            {...tied}
            autocomplete="off"
            maxLength={TITLE_AT_MOST}
            value={draft.title}
            onInput={(event) => book.write({ title: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t("stories.text")} hint={t("stories.text_hint", { most: WORDS_AT_MOST })}>
        {(tied) => (
          <textarea
            {...tied}
            rows={8}
            autocomplete="off"
            maxLength={WORDS_AT_MOST}
            value={draft.text}
            onInput={(event) => book.write({ text: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}

function Row({ row, book, view }: Props & { row: Story }): VNode {
  const id = `story-${row.id}`;
  const text = view.texts[row.id];
  return (
    <li class="card" data-state={row.state} aria-labelledby={id}>
      <h2 id={id} lang={row.language}>
        {row.title}
      </h2>
      <p>
        <b>{tCode("stories.states", row.state)}</b> · {writerOf(row)} ·{" "}
        {tCode("stories.languages", row.language)}
      </p>
      {text?.split(/\n\n/).map((part, place) => (
        <p key={`${place} ${part}`} lang={row.language}>
          {part}
        </p>
      ))}
      <Verbs row={row} book={book} view={view} />
      <Outcome page={view} at={atStory(row.id)} section="stories" />
    </li>
  );
}

function writerOf({ mine, writer }: Story): string {
  if (mine) return t("stories.mine");
  return writer === "" ? t("stories.nobody") : t("stories.writer", { name: writer });
}

/** It is read before it is judged, by somebody else than whoever wrote it. */
function Verbs({ row, book, view }: Props & { row: Story }): VNode {
  const [id, at] = [`story-${row.id}-withdraw`, atStory(row.id)];
  const opened = view.texts[row.id] !== undefined;
  const waits = row.state === "written" && may(book.me.role, "judge-stories");
  if (view.asked === at) {
    return (
      <AskFirst
        {...{ id, page: view, at: LIST, section: "stories" }}
        title={t("stories.ask")}
        yes={t("stories.yes")}
        no={t("stories.no")}
        onYes={() => void book.withdraw(row.id)}
        onNo={() => book.askFirst("")}
      >
        <p>{t("stories.ask_says")}</p>
      </AskFirst>
    );
  }
  return (
    <>
      {waits && row.mine && <p class="soft">{t("stories.own")}</p>}
      <div class="answers">
        {!opened && (
          <button
            type="button"
            class="second"
            data-act="open"
            onClick={() => void book.open(row.id)}
          >
            {t("stories.open")}
          </button>
        )}
        {waits && opened && !row.mine && <Judge row={row} book={book} busy={view.busy !== ""} />}
        <button type="button" class="second" id={id} onClick={() => book.askFirst(at)}>
          {t("stories.withdraw")}
        </button>
      </div>
    </>
  );
}

function Judge(props: { row: Story; book: StoriesBook; busy: boolean }): VNode {
  const { row, book, busy } = props;
  return (
    <>
      <button
        type="button"
        class="firm"
        data-act="publish"
        aria-disabled={busy}
        onClick={() => void book.judge(row.id, "publish")}
      >
        {t("stories.publish")}
      </button>
      <button
        type="button"
        class="second"
        data-act="send-back"
        aria-disabled={busy}
        onClick={() => void book.judge(row.id, "send-back")}
      >
        {t("stories.send_back")}
      </button>
    </>
  );
}
