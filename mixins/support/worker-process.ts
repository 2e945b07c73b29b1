import type { ChildProcess, Serializable } from "node:child_process";
import { fork } from "node:child_process";
import { EventEmitter } from "node:events";

/** Glibc would otherwise keep freed memory in an arena for each thread of the native code. */
const environment = { MALLOC_ARENA_MAX: "2" };

/** A worker in a process of its own, with the part of `Worker` that a pool uses. */
export class WorkerProcess extends EventEmitter<{ message: [never]; error: [Error]; exit: [] }> {
  readonly #child: ChildProcess;

  /** @param setup the program's first argument, as JSON */
  constructor(bootstrap: string, setup: object) {
    super();
    const child = fork(bootstrap, [JSON.stringify(setup)], {
      execArgv: [],
      env: environment,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#child = child;
    // A process that could not be started may not exit either.
    let hasEnded = false;
    const end = () => {
      if (!hasEnded) this.emit("exit");
      hasEnded = true;
    };
    child.on("message", (message) => this.emit("message", message as never));
    child.once("exit", (code, signal) => {
      if (code !== 0) this.emit("error", new Error(`ended with ${signal ?? code}`));
      end();
    });
    child.on("error", (error) => {
      this.emit("error", error);
      if (child.pid === undefined) end();
    });
  }

  postMessage(input: unknown): void {
    this.#child.send(input as Serializable, (error) => {
      // The exit event follows.
      if (error) this.#child.kill("SIGKILL");
    });
  }

  ref(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  unref(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  terminate(): void {
    this.removeAllListeners("error").on("error", () => undefined);
    this.#child.kill("SIGKILL");
  }
}
