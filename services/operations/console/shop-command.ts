import type { ReplOptions, ServiceBroker } from "moleculer";
import type { ErrorData } from "../../../mixins/contract/errors.ts";
import { callShop } from "./known-nodes.ts";
import { cache } from "./cache.command.ts";
import type { CommandContext, ShopCommand } from "./command.ts";
import { listDeadLetters } from "./list-dead-letters.command.ts";
import { nodes } from "./nodes.command.ts";
import { online } from "./online.command.ts";
import { order } from "./order.command.ts";
import { removeOldAuditEntries } from "./remove-old-audit-entries.command.ts";
import { removeDeadLetter } from "./remove-dead-letter.command.ts";
import { replayDeadLetters } from "./replay-dead-letters.command.ts";
import { replicas } from "./replicas.command.ts";
import { resendEvents } from "./resend-events.command.ts";
import { rotateKeys } from "./rotate-keys.command.ts";
import { seed } from "./seed.command.ts";
import { showDeadLetter } from "./show-dead-letter.command.ts";
import { stats } from "./stats.command.ts";
import { stock } from "./stock.command.ts";
import { table } from "./table.ts";
import { verifyAudit } from "./verify-audit.command.ts";
import { withdrawKey } from "./withdraw-key.command.ts";

type ReplCommand = NonNullable<ReplOptions["customCommands"]>[number];

const commands: readonly ShopCommand[] = [
  nodes,
  stock,
  order,
  online,
  stats,
  listDeadLetters,
  showDeadLetter,
  replayDeadLetters,
  removeDeadLetter,
  resendEvents,
  replicas,
  cache,
  seed,
  rotateKeys,
  withdrawKey,
  verifyAudit,
  removeOldAuditEntries,
];
/** A node that has just joined may not know all others yet. */
const serviceWithinMs = 3000;

/**
 * `shop …` at a node's console. Commands run one after another, also when piped in at once.
 *
 * @param track tracks each command until it ends
 */
export function shopCommand(track: <T>(work: Promise<T>) => Promise<T>): ReplCommand {
  let last: Promise<void> = Promise.resolve();
  return {
    command: "shop [words...]",
    description: "Operate the shop: `shop help`",
    parse(command: { args: string[]; params?: string[] }) {
      command.params = command.args;
    },
    action(broker, words) {
      last = last.then(() => run(broker, words));
      return track(last);
    },
  };
}

async function run(broker: ServiceBroker, words: readonly string[]): Promise<void> {
  const answer = await answerTo(words, contextOf(broker)).catch(oneLine);
  process.stdout.write(`${answer}\n`);
}

async function answerTo(words: readonly string[], context: CommandContext): Promise<string> {
  if (words.length === 0 || words[0] === "help") return help();
  for (const command of commands) {
    const { name, required, allowed } = readUsage(command.usage);
    if (name.some((word, index) => words[index] !== word)) continue;
    const args = words.slice(name.length);
    if (args.length < required || args.length > allowed) return `usage: shop ${command.usage}`;
    return command.run(context, args);
  }
  return `unknown command shop ${words.join(" ")}: see shop help`;
}

function readUsage(usage: string): { name: string[]; required: number; allowed: number } {
  const words = usage.split(" ");
  const required = words.filter((word) => word.startsWith("<")).length;
  const optional = words.filter((word) => word.startsWith("[")).length;
  return { name: words.slice(0, words.length - required - optional), required, allowed: required + optional };
}

function help(): string {
  const rows = commands.map(({ usage, summary }) => [`shop ${usage}`, summary]);
  return table(["command", "what it does"], rows);
}

function contextOf(broker: ServiceBroker): CommandContext {
  return {
    broker,
    async call(name, params) {
      const [service = ""] = name.split(".");
      await broker.waitForServices(service, serviceWithinMs).catch(() => {
        throw new Error(`no reachable node runs ${service}`);
      });
      return callShop(broker, name, params);
    },
  };
}

function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return `failed: ${String(error)}`;
  const { type, data } = error as Error & { type?: string; data?: ErrorData };
  const fields = (data?.errors ?? []).map(({ path, message }) => `${path} ${message}`).join("; ");
  return `failed: ${[type, fields || error.message].filter(Boolean).join(": ")}`.replaceAll(
    /[\s\p{Cc}]+/gu,
    " ",
  );
}
