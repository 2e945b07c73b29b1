import { inspect } from "node:util";
import type { BrokerOptions, LogLevels } from "moleculer";
import moleculer from "moleculer";
import type { LoggerOptions } from "pino";
import type { Config } from "../../../config/index.ts";
import { correlationIds } from "./current-request.ts";
import { redact } from "./redact.ts";

/** The node's logger: JSON lines by pino, or text for a terminal. Both redact secrets. */
export function logger(config: Config): BrokerOptions["logger"] {
  const level = config.log.level as LogLevels;
  if (config.log.format === "json")
    return { type: "Pino", options: { level, pino: { options: pinoOptions } } };
  // At `info`, hide Moleculer's startup messages; the start command itself reports a failed start in one
  // line.
  const framework = level === "info" ? "warn" : level;
  const broker = level === "info" ? "fatal" : level;
  const levels = { BROKER: broker, REGISTRY: framework, TRANSIT: framework, "**": level };
  return new TextLogger({
    level: levels,
    formatter: "short",
    colors: process.stdout.isTTY,
  }) as unknown as BrokerOptions["logger"];
}

/** pino treats only the first argument as an object and drops an error that follows a text. */
export const pinoOptions: LoggerOptions = {
  mixin: correlationIds,
  // Already redacted by `redact`, with the type of a `ShopError`.
  serializers: { err: (error: unknown) => error },
  hooks: {
    logMethod(args, method) {
      const { text, parts } = logEntry(args);
      method.call(this, parts, text);
    },
  },
};

interface Entry {
  readonly text: string;
  /** `err`: the error; `data`: all other objects. */
  readonly parts: { err?: unknown; data?: unknown };
}

function logEntry(args: readonly unknown[]): Entry {
  const texts: string[] = [];
  const parts: Entry["parts"] = {};
  const data: unknown[] = [];
  for (const arg of args)
    if (arg instanceof Error && parts.err === undefined) parts.err = redact(arg);
    else if (typeof arg === "object" && arg !== null) data.push(redact(arg));
    else texts.push(String(redact(arg)));
  if (data.length > 0) parts.data = data.length === 1 ? data[0] : data;
  if (texts.length === 0 && typeof parts.err === "object" && parts.err && "message" in parts.err)
    texts.push(String(parts.err.message));
  return { text: texts.join(" "), parts };
}

type Formatter = (type: string, args: unknown[]) => unknown[];

/** Methods that the type of Moleculer's logger omits. */
const ConsoleLogger = moleculer.Loggers.Console as unknown as new (options: object) => {
  getFormatter(bindings: object): Formatter;
};

class TextLogger extends ConsoleLogger {
  override getFormatter(bindings: object): Formatter {
    const format = super.getFormatter(bindings);
    return (type, args) => {
      const { requestId, traceId } = correlationIds();
      const ids = [
        requestId === undefined ? "" : `request ${requestId}`,
        traceId === undefined ? "" : `trace ${traceId}`,
      ];
      const context = ids.filter(Boolean).join(", ");
      return format(type, [...args.map(textOf), ...(context ? [`(${context})`] : [])]);
    };
  }
}

/** Formats errors with their stack, objects on one line. */
function textOf(arg: unknown): unknown {
  const clean = redact(arg);
  if (arg instanceof Error && typeof clean === "object" && clean !== null) {
    const { stack, name: _name, message, ...details } = clean as Record<string, unknown>;
    const suffix = Object.keys(details).length > 0 ? ` ${inspect(details, { breakLength: Infinity })}` : "";
    return `${String(stack ?? message)}${suffix}`;
  }
  return typeof clean === "object" && clean !== null
    ? inspect(clean, { breakLength: Infinity, depth: 8 })
    : clean;
}
