import { createWriteStream } from "node:fs";
import type { WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import type { ErrorCode } from "../../mixins/contract/errors.ts";
import { declared } from "../replay/shop-client.ts";

/** One request. Times are milliseconds, `at` since the Unix epoch. */
export interface Attempt {
  readonly gateway: number;
  readonly at: number;
  readonly ms: number;
  /** Null without a response. */
  readonly status: number | null;
  /** The problem in the response, or the reason why there was none. */
  readonly problem: string | null;
  readonly requestId: string;
}

/** `unknown`: the client cannot know whether it took effect. */
export type Outcome = "ok" | "failed" | "unknown";

/** A client's request and its result. */
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
  /** The response on success. */
  readonly answer: Result<N> | undefined;
  /** The raw response. */
  readonly text: string;
}

/** All client operations, in memory and, line by line, in a file. */
export class History {
  readonly operations: Operation[] = [];
  /** Responses that violate the contract. */
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
    // Reads are not compared with the databases.
    const isRead = declared(operation.action).route.method === "GET";
    this.operations.push(
      (isRead ? { ...operation, text: "", answer: undefined } : operation) as unknown as Operation,
    );
    this.#file.write(
      `${JSON.stringify({ ...operation, answer: undefined, params: withoutSecrets(operation.params) })}\n`,
    );
  }

  finding(text: string): void {
    this.findings.push(text);
    this.#file.write(`${JSON.stringify({ at: Date.now(), finding: text })}\n`);
  }

  /** Operations of one kind, typed. */
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
