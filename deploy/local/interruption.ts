import { onNpmExit } from "../../services/node/npm.ts";
import { StackError } from "./stack-error.ts";

const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The process was asked to end. */
export class Interrupted extends StackError {
  override name = "Interrupted";
  /** The shell's exit code for the signal. */
  readonly exitCode: number;

  constructor(how: string, exitCode: number) {
    super(`Interrupted by ${how}`);
    this.exitCode = exitCode;
  }
}

/**
 * Aborts with an `Interrupted` on a stop signal, or when the parent npm has exited. A second signal, as from
 * terminal and npm for one Ctrl-C, is ignored.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGHUP", "SIGINT", "SIGTERM"] as const)
    process.on(name, () => controller.abort(new Interrupted(name, signals[name])));
  onNpmExit(() => controller.abort(new Interrupted("the end of npm", signals.SIGHUP)));
  return controller.signal;
}

/** Rejects with the abort reason. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}
