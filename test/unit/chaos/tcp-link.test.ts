import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { TcpLink } from "../../chaos/tcp-link.ts";

describe("a link that can fail", () => {
  let echo: Server;
  let link: TcpLink;
  let clients: Socket[];

  beforeEach(async () => {
    clients = [];
    echo = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.pipe(socket);
    });
    echo.listen(0, "127.0.0.1");
    await once(echo, "listening");
    link = await TcpLink.to("127.0.0.1", (echo.address() as AddressInfo).port);
  });

  afterEach(async () => {
    for (const client of clients) client.destroy();
    await link.close();
    echo.close();
  });

  function client(): Socket {
    const socket = connect(link.port, "127.0.0.1").setEncoding("utf8");
    socket.on("error", () => undefined);
    clients.push(socket);
    return socket;
  }

  async function reply(socket: Socket): Promise<string> {
    const [text] = (await once(socket, "data")) as [string];
    return text;
  }

  async function hasEnded(socket: Socket): Promise<boolean> {
    if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
    return true;
  }

  test("forwards data in both directions", async () => {
    const socket = client();
    socket.write("hello");
    expect(await reply(socket)).toBe("hello");
    socket.end();
    expect(await hasEnded(socket)).toBe(true);
  });

  test("in a black hole nothing passes, and all of it does when that is over", async () => {
    const [held, other] = [client(), client()];
    other.write("first");
    expect(await reply(other)).toBe("first");
    link.impair({ kind: "black-hole" });
    held.write("held");
    const heard: string[] = [];
    held.on("data", (text: string) => heard.push(text));
    // A new connection is accepted without a response, like the old ones.
    const late = client();
    await once(late, "connect");
    expect(heard).toEqual([]);
    link.clear();
    while (heard.length === 0) await once(held, "data");
    expect(heard).toEqual(["held"]);
    late.write("late");
    expect(await reply(late)).toBe("late");
  });

  test("when it refuses, connections end and new ones do too, until that is over", async () => {
    const old = client();
    old.write("hello");
    await reply(old);
    link.impair({ kind: "refuse" });
    expect(await hasEnded(old)).toBe(true);
    expect(await hasEnded(client())).toBe(true);
    link.clear();
    const next = client();
    next.write("again");
    expect(await reply(next)).toBe("again");
  });

  test("when it cuts, half of a message arrives and the connection is gone", async () => {
    const received: string[] = [];
    const arrived = new Promise<void>((resolve) => {
      echo.removeAllListeners("connection").on("connection", (socket: Socket) => {
        socket.setEncoding("utf8").on("data", (text: string) => received.push(text));
        socket.on("error", () => undefined).on("close", resolve);
      });
    });
    const socket = client();
    await once(socket, "connect");
    link.impair({ kind: "cut" });
    socket.write("0123456789");
    expect(await hasEnded(socket)).toBe(true);
    await arrived;
    expect(["", "01234"]).toContain(received.join(""));
  });

  test("when it loses connections, nothing passes on them ever again, and new ones are good", async () => {
    const old = client();
    old.write("hello");
    await reply(old);
    link.impair({ kind: "lose" });
    link.clear();
    const heard: string[] = [];
    old.on("data", (text: string) => heard.push(text));
    old.write("anyone there?");
    const next = client();
    next.write("hello");
    expect(await reply(next)).toBe("hello");
    expect(heard).toEqual([]);
  });

  test("delay and throttle change when things pass, not what", async () => {
    const socket = client();
    link.impair({ kind: "delay", ms: 20 });
    socket.write("slow");
    expect(await reply(socket)).toBe("slow");
    link.impair({ kind: "throttle", bytesPerSecond: 1000 });
    socket.write("slower");
    expect(await reply(socket)).toBe("slower");
  });
});
