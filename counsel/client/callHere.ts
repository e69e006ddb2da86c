/** This browser as a way to be called. Its maker carries the call and cannot open it (RFC 8291). */

/** Why it cannot be, as an error code of `reach.failed`. */
export type CannotCall = "no-push" | "denied" | "no-maker";

interface ScriptUrls {
  createScriptURL(address: string): string;
}

interface Policies {
  createPolicy(name: string, rules: ScriptUrls): ScriptUrls;
}

/** The one worker there is, as the page names it. */
const ADDRESS = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="caller"]')?.content ?? "";

let scripts: ScriptUrls | null = null;

/** The only policy of this service that makes an address of a script: it knows one and returns no other. */
function workerUrl(): string {
  const rules: ScriptUrls = { createScriptURL: () => ADDRESS() };
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  scripts ??= trustedTypes?.createPolicy("counsel-worker", rules) ?? rules;
  return scripts.createScriptURL("");
}

/** Whether this browser could be called at all. */
export function canBeCalled(): boolean {
  return "serviceWorker" in navigator && "PushManager" in globalThis && ADDRESS() !== "";
}

/**
 * Asks the person and then the browser's maker: `endpoint key secret` as the server keeps it, or why
 * not. `key` is the service's own, base64url.
 */
export async function callThisBrowser(
  key: string,
): Promise<{ readonly address: string } | CannotCall> {
  if (!canBeCalled()) return "no-push";
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  try {
    const worker = await navigator.serviceWorker.register(workerUrl());
    const ready = await once(worker);
    const made = await ready.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key,
    });
    const { endpoint, keys } = made.toJSON();
    return { address: `${endpoint} ${keys?.["p256dh"]} ${keys?.["auth"]}` };
  } catch {
    return "no-maker";
  }
}

/** The registration once its worker is at work: before that nothing can be subscribed to. */
async function once(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  const coming = registration.installing ?? registration.waiting;
  if (registration.active === null && coming !== null) {
    await new Promise<void>((resolve) => {
      coming.addEventListener("statechange", () => {
        if (coming.state === "activated" || coming.state === "redundant") resolve();
      });
    });
  }
  return registration;
}
