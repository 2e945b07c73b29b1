import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as round } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { EventLoopScheduler } from "../../../services/api/limits/event-loop-scheduler.ts";

let undo: AsyncDisposableStack | undefined;

afterEach(() => undo?.disposeAsync());

describe("shifts", () => {
  test("while there is little to do, requests begin at once", async () => {
    const scheduler = new EventLoopScheduler(() => 0);
    for (let count = 0; count < 1000; count += 1) expect(scheduler.schedule()).toBeUndefined();
  });

  test("requests beyond a slice start in FIFO order, slice by slice", async () => {
    let now = 0;
    const scheduler = new EventLoopScheduler(() => now);
    const begun: number[] = [];
    for (let number = 0; number < 14; number += 1) {
      const work = () => {
        begun.push(number);
        now += 1;
      };
      void (scheduler.schedule()?.then(work) ?? work());
    }
    expect(begun).toEqual([0, 1]);
    const each: number[] = [];
    while (scheduler.waiting > 0) {
      const before = begun.length;
      await round();
      each.push(begun.length - before);
    }
    expect(begun).toEqual(Array.from({ length: 14 }, (_, number) => number));
    expect(Math.max(...each)).toBe(2);
    await round();
    expect(scheduler.schedule()).toBeUndefined();
  });

  test("queued requests are not overtaken", async () => {
    let now = 0;
    const scheduler = new EventLoopScheduler(() => now);
    void scheduler.schedule();
    now += 5;
    const first = scheduler.schedule();
    await Promise.resolve();
    now += 5;
    const second = scheduler.schedule();
    const order: string[] = [];
    await Promise.all([second?.then(() => order.push("second")), first?.then(() => order.push("first"))]);
    expect(order).toEqual(["first", "second"]);
  });

  test("connections opened under load are accepted between slices", async () => {
    undo = new AsyncDisposableStack();
    // Each request takes a millisecond of this clock.
    const busy = { answered: 0, isOver: false };
    const scheduler = new EventLoopScheduler(() => busy.answered);
    const server = createServer((_request, response) => {
      const answer = () => {
        busy.answered += 1;
        response.end("done");
      };
      void (scheduler.schedule()?.then(answer) ?? answer());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true });
    undo.defer(async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    });
    const ask = async (options: { agent: Agent | false }) => {
      const [response] = (await once(send({ port, host: "127.0.0.1", ...options }).end(), "response")) as [
        IncomingMessage,
      ];
      await once(response.resume(), "end");
    };

    const lanes = Array.from({ length: 64 }, async () => {
      while (!busy.isOver) await ask({ agent });
    });
    while (busy.answered < 1000) await round();
    const before = busy.answered;
    await Promise.all(Array.from({ length: 40 }, () => ask({ agent: false })));
    const meanwhile = busy.answered - before;
    busy.isOver = true;
    await Promise.all(lanes);
    // Otherwise it is more than a thousand.
    expect(meanwhile).toBeLessThan(800);
  });
});
