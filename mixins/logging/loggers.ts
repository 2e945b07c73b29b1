import { inspect } from "node:util";
import type { BrokerOptions, LogLevels } from "moleculer";
import moleculer from "moleculer";
import type { LoggerOptions } from "pino";
import type { Config } from "../../config/index.ts";
import { currentIds } from "./current-request.ts";
import { redact } from "./redact.ts";

/** The logger of a node: JSON lines by pino, or text for a person at a terminal. Neither ever tells a secret. */
export function logger(config: Config): BrokerOptions["logger"] {
  const level = config.log.level as LogLevels;
  if (config.log.format === "json") return { type: "Pino", options: { level, pino: { options: pinoOptions } } };
  // What the framework tells of its own start is of interest to those who look for a fault; that a start has failed
  // is told, in one line, by whoever started the node.
  const framework = level === "info" ? "warn" : level;
  const broker = level === "info" ? "fatal" : level;
  const levels = { BROKER: broker, REGISTRY: framework, TRANSIT: framework, "**": level };
  return new TextLogger({ level: levels, formatter: "short", colors: process.stdout.isTTY }) as unknown as BrokerOptions["logger"];
}

/** pino would take only its first argument for an object, and loses an error that follows a text. */
export const pinoOptions: LoggerOptions = {
  mixin: currentIds,
  // It is told as it is: redacted, with the type that the shop's errors have.
  serializers: { err: (error: unknown) => error },
  hooks: {
    logMethod(args, method) {
      const { text, parts } = entry(args);
      method.call(this, parts, text);
    },
  },
};

interface Entry {
  readonly text: string;
  /** `err`: the error; `data`: everything else that is no text. */
  readonly parts: { err?: unknown; data?: unknown };
}

function entry(args: readonly unknown[]): Entry {
  const texts: string[] = [];
  const parts: Entry["parts"] = {};
  const data: unknown[] = [];
  for (const arg of args)
    if (arg instanceof Error && parts.err === undefined) parts.err = redact(arg);
    else if (typeof arg === "object" && arg !== null) data.push(redact(arg));
    else texts.push(String(redact(arg)));
  if (data.length > 0) parts.data = data.length === 1 ? data[0] : data;
  if (texts.length === 0 && typeof parts.err === "object" && parts.err && "message" in parts.err) texts.push(String(parts.err.message));
  return { text: texts.join(" "), parts };
}

type Formatter = (type: string, args: unknown[]) => unknown[];

/** What the framework's type of its own logger leaves out. */
const ConsoleLogger = moleculer.Loggers.Console as unknown as new (options: object) => {
  getFormatter(bindings: object): Formatter;
};

class TextLogger extends ConsoleLogger {
  override getFormatter(bindings: object): Formatter {
    const format = super.getFormatter(bindings);
    return (type, args) => {
      const { requestId, traceId } = currentIds();
      const ids = [requestId === undefined ? "" : `request ${requestId}`, traceId === undefined ? "" : `trace ${traceId}`];
      const told = ids.filter(Boolean).join(", ");
      return format(type, [...args.map(textOf), ...(told ? [`(${told})`] : [])]);
    };
  }
}

/** Errors with where they come from, objects on one line. */
function textOf(arg: unknown): unknown {
  const clean = redact(arg);
  if (arg instanceof Error && typeof clean === "object" && clean !== null) {
    const { stack, name: _name, message, ...details } = clean as Record<string, unknown>;
    const told = Object.keys(details).length > 0 ? ` ${inspect(details, { breakLength: Infinity })}` : "";
    return `${String(stack ?? message)}${told}`;
  }
  return typeof clean === "object" && clean !== null ? inspect(clean, { breakLength: Infinity, depth: 8 }) : clean;
}
