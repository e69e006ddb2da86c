/** A real Chromium for these tests, spoken to over its own debugging socket. Nothing is installed. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

function findChromium(): string {
  const found = [process.env["CHROMIUM"] ?? "", ...PLACES].find((path) => existsSync(path));
  if (found === undefined)
    throw new Error("These tests need Chromium: install it or set CHROMIUM.");
  return found;
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

interface Reply {
  readonly id?: number;
  readonly result?: {
    readonly result?: { readonly value?: unknown };
    readonly exceptionDetails?: unknown;
  };
}

/** One tab. */
export class Tab {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private count = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      this.waiting.get(reply.id ?? 0)?.(reply);
    };
    // A tab that closes, or a page that goes while it is asked, answers no more.
    socket.onclose = () => {
      for (const answer of this.waiting.values()) answer({});
    };
  }

  static async open(address: string): Promise<Tab> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new Tab(socket);
  }

  private send(method: string, params: object = {}): Promise<Reply> {
    this.count += 1;
    const id = this.count;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  /** What this JavaScript gives, awaited. */
  async run(code: string): Promise<unknown> {
    const expression = `(async () => { ${code} })()`;
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result } = await this.send("Runtime.evaluate", params);
    if (result?.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails));
    return result?.result?.value;
  }

  async reload(): Promise<void> {
    await this.run("window.old = true");
    await this.send("Page.reload");
    await this.ready("!window.old");
  }

  async ready(also = "true"): Promise<void> {
    for (let i = 0; i < 200; i++) {
      const asked = this.run(`return ${also} && typeof Vault !== "undefined"`);
      const there = await Promise.race([asked.catch(() => false), later(1000)]);
      if (there === true) return;
      await later(25);
    }
    throw new Error("the page did not load");
  }

  async close(): Promise<void> {
    await this.send("Page.close");
    this.socket.close();
  }
}

export class Browser {
  private readonly child: ChildProcess;
  private readonly server: Server;
  private readonly profile: string;
  private port = 0;

  private constructor(script: string) {
    const page = `<!doctype html><title>.</title><script>${script}</script>`;
    this.server = createServer((_, answer) => {
      answer.setHeader("content-type", "text/html; charset=utf-8");
      answer.end(page);
    }).listen(0, "127.0.0.1");
    this.profile = mkdtempSync(join(tmpdir(), "vault-"));
    const flags = [...FLAGS, `--user-data-dir=${this.profile}`, "about:blank"];
    this.child = spawn(findChromium(), flags, { stdio: "ignore" });
  }

  /** `script` runs in every page before anything else. */
  static async open(script: string): Promise<Browser> {
    const browser = new Browser(script);
    const file = join(browser.profile, "DevToolsActivePort");
    for (let i = 0; i < 400; i++) {
      // The file is there a moment before its two lines are.
      const [port, path] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
      browser.port = path ? Number(port) : 0;
      if (browser.port > 0) return browser;
      await later(25);
    }
    throw new Error("Chromium did not start");
  }

  async tab(): Promise<Tab> {
    const { port } = this.server.address() as AddressInfo;
    const page = `http://localhost:${port}/`;
    const address = `http://127.0.0.1:${this.port}/json/new?${page}`;
    const target = (await (await fetch(address, { method: "PUT" })).json()) as {
      webSocketDebuggerUrl: string;
    };
    const tab = await Tab.open(target.webSocketDebuggerUrl);
    await tab.ready();
    return tab;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    this.server.close();
    await gone;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
