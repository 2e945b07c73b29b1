import { createWriteStream } from "node:fs";
import type { WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { ActionName, Input, Result } from "../../services/contract/calls.ts";
import type { ErrorCode } from "../../services/contract/errors.ts";
import { declared } from "../replay/shop-client.ts";

/** One request. Times are milliseconds, `at` since 1970. */
export interface Attempt {
  readonly gateway: number;
  readonly at: number;
  readonly ms: number;
  /** Null when no answer came. */
  readonly status: number | null;
  /** What the shop answered instead of a result, or why no answer came. */
  readonly problem: string | null;
  readonly requestId: string;
}

/** `unknown`: the client cannot tell whether it was done. */
export type Outcome = "ok" | "failed" | "unknown";

/** What a client wanted of the shop, and what it was told. */
export type Operation = { [N in ActionName]: OperationOf<N> }[ActionName];

export interface OperationOf<N extends ActionName> {
  readonly number: number;
  readonly who: string;
  readonly action: N;
  readonly params: Input<N>;
  readonly attempts: readonly Attempt[];
  readonly outcome: Outcome;
  /** The refusal, when it failed. */
  readonly problem: ErrorCode | undefined;
  /** The answer, when it is ok. */
  readonly answer: Result<N> | undefined;
  /** The answer as it came. */
  readonly text: string;
}

/** Everything that clients did, kept in memory and, line by line, in a file. */
export class History {
  readonly operations: Operation[] = [];
  /** Answers that no client should get. */
  readonly findings: string[] = [];
  readonly #file: WriteStream;
  #numbers = 0;

  constructor(file: string) {
    this.#file = createWriteStream(file);
  }

  nextNumber(): number {
    return (this.#numbers += 1);
  }

  add<N extends ActionName>(operation: OperationOf<N>): void {
    // What was only read is not looked at again.
    const isRead = declared(operation.action).route.method === "GET";
    this.operations.push((isRead ? { ...operation, text: "", answer: undefined } : operation) as unknown as Operation);
    this.#file.write(`${JSON.stringify({ ...operation, answer: undefined, params: withoutSecrets(operation.params) })}\n`);
  }

  finding(text: string): void {
    this.findings.push(text);
    this.#file.write(`${JSON.stringify({ at: Date.now(), finding: text })}\n`);
  }

  /** The operations of one kind, typed. */
  of<N extends ActionName>(action: N): OperationOf<N>[] {
    return this.operations.filter((operation) => operation.action === action) as unknown as OperationOf<N>[];
  }

  async close(): Promise<void> {
    this.#file.end();
    await finished(this.#file);
  }
}

const secrets = new Set(["password", "refreshToken", "cartToken", "guestCart"]);

function withoutSecrets(params: object): object {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !secrets.has(name)));
}
