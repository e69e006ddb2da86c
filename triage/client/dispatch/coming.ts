/**
 * The responder's page: a code that was told on the telephone, and one tap at a time. It carries no words
 * and keeps nothing; a reload asks for the code again.
 */

import { byId, showState } from "../../../counsel/client/dom.ts";
import { guardLinks } from "../../../counsel/client/exit.ts";

/** Every question is as long, whatever is asked (bytes). */
const SIZE = 384;

async function ask(code: string, act: string, minutes: number): Promise<string> {
  const body = JSON.stringify({ code, act, minutes });
  const pad = SIZE - new TextEncoder().encode(body).length;
  const answer = await fetch("/api/coming", {
    method: "POST",
    headers: { "content-type": "application/json" },
    credentials: "omit",
    cache: "no-store",
    body: body + " ".repeat(Math.max(0, pad)),
  });
  if (answer.status === 429) return "slow";
  if (answer.status >= 500) throw new Error("ours");
  const said = (await answer.json()) as { readonly shows?: string };
  return said.shows ?? "wrong";
}

function run(): void {
  guardLinks();
  const form = byId("coming") as HTMLFormElement;
  const field = byId("code") as HTMLInputElement;
  const trouble = byId("trouble");
  let busy = false;
  const show = (shows: string): void => {
    const word = trouble.dataset[shows];
    trouble.textContent = word ?? "";
    if (word !== undefined) return;
    showState(form, shows);
    form.querySelector<HTMLElement>(`[data-state="${shows}"] h2`)?.focus();
    if (shows === "done") field.value = "";
  };
  const tap = async (act: string): Promise<void> => {
    if (busy || field.value.trim() === "") return;
    busy = true;
    const chosen = form.querySelector<HTMLInputElement>("input[name=minutes]:checked");
    const minutes = act === "go" ? Number(chosen?.value ?? 0) : 0;
    show(await ask(field.value, act, minutes).catch(() => "offline"));
    busy = false;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void tap("look");
  });
  for (const button of form.querySelectorAll<HTMLElement>("[data-act]")) {
    button.addEventListener("click", () => void tap(button.dataset["act"] ?? ""));
  }
  form.hidden = false;
}

run();
