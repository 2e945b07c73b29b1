import { beforeEach, describe, expect, test } from "@jest/globals";
import { Batcher } from "../../../mixins/support/batcher.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";

const later = () => Date.now() + 60_000;

describe("a mailbox", () => {
  /** Flushed batches, each with a function that completes it. */
  let batches: { questions: readonly string[]; answer: () => void; fail: (error: unknown) => void }[];
  const mailbox = () =>
    new Batcher<string, string>({
      flush: (questions) =>
        new Promise((resolve, reject) => {
          batches.push({
            questions,
            answer: () => resolve(questions.map((question) => `${question}!`)),
            fail: reject,
          });
        }),
      work: (question) => question.length,
      maxBatchSize: 3,
      maxBatchWork: 10,
      maxPending: 5,
    });
  const seen = () => batches.map(({ questions }) => questions.join(" "));
  /** Completes batches until the queue is empty. */
  async function answerAll(): Promise<void> {
    for (let next = 0; next < batches.length; next += 1) {
      batches[next]?.answer();
      await new Promise(setImmediate);
    }
  }
  beforeEach(() => {
    batches = [];
  });

  test("flushes a request at once when idle", async () => {
    const box = mailbox();
    const answer = box.submit("a", later());
    expect(seen()).toEqual(["a"]);
    batches[0]?.answer();
    expect(await answer).toBe("a!");
    const next = box.submit("b", later());
    expect(seen()).toEqual(["a", "b"]);
    batches[1]?.answer();
    expect(await next).toBe("b!");
  });

  test("batches requests that arrive meanwhile, in order and with bounded size", async () => {
    const box = mailbox();
    const first = box.submit("a", later());
    const others = ["b", "c", "d", "e", "f"].map((question) => box.submit(question, later()));
    await answerAll();
    expect(await Promise.all([first, ...others])).toEqual(["a!", "b!", "c!", "d!", "e!", "f!"]);
    expect(seen()).toEqual(["a", "b c d", "e f"]);
  });

  test("bounds the work of a batch, but takes on a single question of any size", async () => {
    const box = mailbox();
    const all = ["a", "bbbbbb", "cccc", "d", "e".repeat(20), "f"].map((question) =>
      box.submit(question, later()),
    );
    await answerAll();
    await Promise.all(all);
    expect(seen()).toEqual(["a", "bbbbbb cccc", "d", "e".repeat(20), "f"]);
  });

  test("rejects requests beyond its queue, and accepts them again when there is space", async () => {
    const box = mailbox();
    const all = ["a", "b", "c", "d", "e", "f"].map((question) => box.submit(question, later()));
    await expect(box.submit("g", later())).rejects.toMatchObject({ type: "unavailable" });
    await answerAll();
    await Promise.all(all);
    const again = box.submit("h", later());
    await answerAll();
    expect(await again).toBe("h!");
  });

  test("does not ask for those who wait no more", async () => {
    const box = mailbox();
    const first = box.submit("a", later());
    const late = box.submit("b", Date.now());
    const inTime = box.submit("c", later());
    const outcome = late.catch((error: unknown) => error);
    await answerAll();
    expect(await outcome).toMatchObject({ type: "deadline-exceeded" });
    expect(await Promise.all([first, inTime])).toEqual(["a!", "c!"]);
    expect(seen()).toEqual(["a", "c"]);
  });

  test("asks one by one when a batch fails, so that a bad question fails alone", async () => {
    const box = new Batcher<string, string>({
      flush: (questions) =>
        questions.includes("bad")
          ? Promise.reject(new Error("bad question"))
          : Promise.resolve(questions.map((question) => `${question}!`)),
      work: () => 1,
      maxBatchSize: 10,
      maxBatchWork: 10,
      maxPending: 10,
    });
    const outcomes = await Promise.allSettled(
      ["a", "b", "bad", "c"].map((question) => box.submit(question, later())),
    );
    expect(
      outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : String(outcome.reason))),
    ).toEqual(["a!", "b!", "Error: bad question", "c!"]);
  });

  test("does not ask one by one when nothing can be answered anyway", async () => {
    const box = mailbox();
    const first = box.submit("a", later());
    const others = ["b", "c"].map((question) => box.submit(question, later()));
    batches[0]?.answer();
    await first;
    await new Promise(setImmediate);
    batches[1]?.fail(new ShopError("unavailable"));
    for (const outcome of await Promise.allSettled(others))
      expect(outcome).toMatchObject({ status: "rejected", reason: { type: "unavailable" } });
    expect(seen()).toEqual(["a", "b c"]);
  });
});
