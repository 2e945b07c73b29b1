import { beforeEach, describe, expect, test } from "@jest/globals";
import { Mailbox } from "../../../services/catalog/mailbox.ts";
import { ShopError } from "../../../services/contract/errors.ts";

const later = () => Date.now() + 60_000;

describe("a mailbox", () => {
  /** The batches that were handed over, each with the means to end its answering. */
  let batches: { questions: readonly string[]; answer: () => void; fail: (error: unknown) => void }[];
  const mailbox = () =>
    new Mailbox<string, string>({
      answer: (questions) =>
        new Promise((resolve, reject) => {
          batches.push({ questions, answer: () => resolve(questions.map((question) => `${question}!`)), fail: reject });
        }),
      work: (question) => question.length,
      mostTogether: 3,
      mostWork: 10,
      mostWaiting: 5,
    });
  const seen = () => batches.map(({ questions }) => questions.join(" "));
  /** Answers one batch after the other until no more come. */
  async function answerAll(): Promise<void> {
    for (let next = 0; next < batches.length; next += 1) {
      batches[next]?.answer();
      await new Promise(setImmediate);
    }
  }
  beforeEach(() => {
    batches = [];
  });

  test("hands over at once what nobody is before", async () => {
    const box = mailbox();
    const answer = box.ask("a", later());
    expect(seen()).toEqual(["a"]);
    batches[0]?.answer();
    expect(await answer).toBe("a!");
    const next = box.ask("b", later());
    expect(seen()).toEqual(["a", "b"]);
    batches[1]?.answer();
    expect(await next).toBe("b!");
  });

  test("gathers what comes meanwhile, in the order of arrival and in bounded batches", async () => {
    const box = mailbox();
    const first = box.ask("a", later());
    const others = ["b", "c", "d", "e", "f"].map((question) => box.ask(question, later()));
    await answerAll();
    expect(await Promise.all([first, ...others])).toEqual(["a!", "b!", "c!", "d!", "e!", "f!"]);
    expect(seen()).toEqual(["a", "b c d", "e f"]);
  });

  test("bounds the work of a batch, but takes on a single question of any size", async () => {
    const box = mailbox();
    const all = ["a", "bbbbbb", "cccc", "d", "e".repeat(20), "f"].map((question) => box.ask(question, later()));
    await answerAll();
    await Promise.all(all);
    expect(seen()).toEqual(["a", "bbbbbb cccc", "d", "e".repeat(20), "f"]);
  });

  test("turns away what is too much, and takes on again when there is room", async () => {
    const box = mailbox();
    const all = ["a", "b", "c", "d", "e", "f"].map((question) => box.ask(question, later()));
    await expect(box.ask("g", later())).rejects.toMatchObject({ type: "unavailable" });
    await answerAll();
    await Promise.all(all);
    const again = box.ask("h", later());
    await answerAll();
    expect(await again).toBe("h!");
  });

  test("does not ask for those who wait no more", async () => {
    const box = mailbox();
    const first = box.ask("a", later());
    const late = box.ask("b", Date.now());
    const inTime = box.ask("c", later());
    const outcome = late.catch((error: unknown) => error);
    await answerAll();
    expect(await outcome).toMatchObject({ type: "deadline-exceeded" });
    expect(await Promise.all([first, inTime])).toEqual(["a!", "c!"]);
    expect(seen()).toEqual(["a", "c"]);
  });

  test("asks one by one when a batch fails, so that a bad question fails alone", async () => {
    const box = new Mailbox<string, string>({
      answer: (questions) =>
        questions.includes("bad")
          ? Promise.reject(new Error("bad question"))
          : Promise.resolve(questions.map((question) => `${question}!`)),
      work: () => 1,
      mostTogether: 10,
      mostWork: 10,
      mostWaiting: 10,
    });
    const outcomes = await Promise.allSettled(["a", "b", "bad", "c"].map((question) => box.ask(question, later())));
    expect(outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : String(outcome.reason)))).toEqual([
      "a!",
      "b!",
      "Error: bad question",
      "c!",
    ]);
  });

  test("does not ask one by one when nothing can be answered anyway", async () => {
    const box = mailbox();
    const first = box.ask("a", later());
    const others = ["b", "c"].map((question) => box.ask(question, later()));
    batches[0]?.answer();
    await first;
    await new Promise(setImmediate);
    batches[1]?.fail(new ShopError("unavailable"));
    for (const outcome of await Promise.allSettled(others))
      expect(outcome).toMatchObject({ status: "rejected", reason: { type: "unavailable" } });
    expect(seen()).toEqual(["a", "b c"]);
  });
});
