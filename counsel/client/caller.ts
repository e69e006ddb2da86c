/**
 * The worker that hears a call to this browser while no page is open: it shows the call, and nothing
 * else. It lies beside the assets and so controls no page: no request of anybody passes it.
 *
 * What comes is what was sealed to this browser: a title, lines, and last the address to open.
 */

interface Extendable extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Pushed extends Extendable {
  readonly data: { text(): string } | null;
}

interface Tapped extends Extendable {
  readonly notification: Notification;
}

interface Page {
  readonly url: string;
  focus(): Promise<unknown>;
}

interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(which: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Page[]>;
    openWindow(address: string): Promise<unknown>;
  };
  addEventListener(name: "push", heard: (event: Pushed) => void): void;
  addEventListener(name: "notificationclick", heard: (event: Tapped) => void): void;
}

const worker = self as unknown as Worker;

worker.addEventListener("push", (event) => {
  const [title = "", ...lines] = (event.data?.text() ?? "").split(/\r?\n/);
  const address = lines.pop() ?? "";
  const shown = {
    body: lines.join("\n"),
    tag: lines[lines.length - 1] ?? "", // the same page twice is one notice
    data: address,
    requireInteraction: true,
  };
  event.waitUntil(worker.registration.showNotification(title, shown));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data)));
});

/** The console that is open already, else a new one; never a place outside of this service. */
async function open(address: string): Promise<void> {
  const wanted = new URL(address, self.location.origin);
  if (wanted.origin !== self.location.origin) return;
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === wanted.pathname);
  await (there === undefined ? worker.clients.openWindow(wanted.href) : there.focus());
}
