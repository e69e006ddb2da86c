/**
 * What a client refuses to believe. Each code has a sentence a person can read: the entry
 * `refusals.<code>` of the locale files. Refusing is not an accident: the client stops, keeps what
 * it has, says the sentence and offers a new conversation.
 */

export const REFUSALS = [
  // who somebody is
  "certificate-unreadable",
  "certificate-forged",
  "certificate-role",
  "certificate-dates",
  "certificate-too-long",
  "certificate-key",
  "certificate-unlogged",
  "certificate-revoked",
  "demo-root",
  "duty-other",
  "duty-over",
  // the log of everything issued
  "log-behind",
  "log-split",
  "log-unsaid",
  // being let in
  "bad-key-package",
  "key-expired",
  "wrong-clock",
  "wrong-key",
  "bad-welcome",
  "not-alone",
  // who is here changes
  "uninvited",
  "identity-changed",
  "seeker-removed",
  "second-seeker",
  "second-seat",
  "not-allowed",
  "unreadable-change",
  "removed",
  // words
  "other-group",
  "ended-epoch",
  "missing-rows",
  "replayed",
  "forged-author",
  "opened-elsewhere",
  "unreadable",
  // what lies on this device
  "old-state",
] as const;

export type RefusalCode = (typeof REFUSALS)[number];

export class RefusalError extends Error {
  readonly code: RefusalCode;

  /** `detail` is for a developer's eyes; people read the sentence of the code. */
  constructor(code: RefusalCode, detail = "") {
    super(detail === "" ? code : `${code}: ${detail}`);
    this.name = "RefusalError";
    this.code = code;
  }
}
