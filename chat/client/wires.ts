/**
 * Two ways to the server with the same meaning: a WebSocket, and POSTs that are held until there is
 * something to say, for networks that kill sockets. Both carry bundles; neither knows what they say.
 */

import { source } from "../../counsel/client/bytes.ts";
import { CHAT, type ChatFrame, POLL_FOR_MS } from "../../counsel/client/contract.ts";
import { pack, type Said, unpack } from "../../counsel/client/framing.ts";

export type Heard = Said<ChatFrame>;

/** The correlation of the first frame of every connection and every exchange. */
export const HELLO = 1;

export interface Ears {
  heard(said: Heard): void;
  /** It is over; nothing more will be heard. */
  down(): void;
}

export interface Wire {
  readonly kind: "socket" | "poll";
  say(said: Heard): void;
  close(): void;
}

export interface WireOptions {
  /** `https://host`. */
  readonly origin: string;
  /** Who is here and what they have: built anew for every connection and exchange. */
  hello(): ChatFrame;
  /** Staff are known by their cookie; a seeker sends none. */
  readonly staff: boolean;
  /** What a heartbeat says of us. */
  presence(): string;
  /** Staff: what the server gave this page to show that a POST is really its own. */
  token?(): Promise<string>;
}

export type OpenWire = (options: WireOptions, ears: Ears) => Wire;

function read(data: ArrayBuffer, ears: Ears): boolean {
  try {
    for (const said of unpack(new Uint8Array(data), CHAT)) ears.heard(said);
    return true;
  } catch {
    return false; // Not our server's words, or a newer server's: connect again.
  }
}

export const openSocket: OpenWire = (options, ears) => {
  const socket = new WebSocket(`${options.origin.replace(/^http/, "ws")}/chat`);
  let over = false;
  const finish = (): void => {
    if (over) return;
    over = true;
    socket.close();
    ears.down();
  };
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    socket.send(source(pack([{ frame: options.hello(), correlation: HELLO }], CHAT)));
  };
  socket.onmessage = ({ data }) => {
    if (!over && !(data instanceof ArrayBuffer && read(data, ears))) finish();
  };
  socket.onclose = finish;
  socket.onerror = finish;
  return {
    kind: "socket",
    say(said) {
      if (socket.readyState === 1) socket.send(source(pack([said], CHAT)));
    },
    close() {
      over = true;
      socket.close();
    },
  };
};

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A held answer that comes this much too late will never come. */
const GRACE = 10_000;

export const openPoll: OpenWire = (options, ears) => {
  const stop = new AbortController();
  let over = false;
  // The last news goes along, so that what changed between two exchanges is told at once.
  let news: Heard[] = [];
  /** Hears one answer. Being told to slow down is about this exchange, not about the talk. */
  const listenTo = (said: readonly Heard[]): Ears & { slower: number } => ({
    slower: 0,
    heard({ frame, correlation }) {
      if (frame.kind === "News") news = [{ frame, correlation: 0 }];
      const slower = frame.kind === "Refused" && frame.code === "slow-down" && correlation <= HELLO;
      if (!slower) return ears.heard({ frame, correlation });
      this.slower = Math.max(1, frame.retryAfter);
      for (const one of said) if (one.correlation > HELLO) ears.heard({ ...one, frame });
    },
    down: () => ears.down(),
  });
  const finish = (): void => {
    if (over) return;
    over = true;
    stop.abort();
    ears.down();
  };
  const exchange = async (said: readonly Heard[]): Promise<void> => {
    const listening = listenTo(said);
    const late = setTimeout(finish, POLL_FOR_MS + GRACE);
    try {
      const hello = { frame: options.hello(), correlation: HELLO };
      const token = await options.token?.();
      const answer = await fetch(`${options.origin}/chat/exchange`, {
        method: "POST",
        body: source(pack([hello, ...news, ...said], CHAT)),
        headers: {
          "content-type": "application/octet-stream",
          ...(token === undefined ? {} : { "x-csrf-token": token }),
        },
        credentials: options.staff ? "same-origin" : "omit",
        cache: "no-store",
        signal: stop.signal,
      });
      const data = await answer.arrayBuffer();
      if (!over && !read(data, listening)) finish();
      if (said.length === 0 && listening.slower > 0) await pause(listening.slower * 1000);
    } catch {
      finish();
    } finally {
      clearTimeout(late);
    }
  };
  const listen = async (): Promise<void> => {
    // A first exchange with a question in it is answered at once: so we know that this way works.
    await exchange([{ frame: { kind: "Here", presence: options.presence() }, correlation: 0 }]);
    while (!over) await exchange([]);
  };
  void Promise.resolve().then(listen);
  return {
    kind: "poll",
    say: (said) => void exchange([said]),
    close() {
      over = true;
      stop.abort();
    },
  };
};
