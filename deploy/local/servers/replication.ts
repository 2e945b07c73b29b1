import { setTimeout as sleep } from "node:timers/promises";
import { StackError } from "../stack-error.ts";
import { asAdmin, asMonitor, execute, oneRow } from "./database.ts";
import type { ReplicationStatus, StatusRow } from "./database-dialect.ts";
import type { StackSettings } from "../state.ts";
import { replicaNames, type ReplicaName } from "./server.ts";

const patienceMs = 30_000;

/** Starts replication on both replicas if necessary; resolves when they have caught up. */
export async function replicate(settings: StackSettings, aborted: AbortSignal): Promise<void> {
  const position = await asAdmin("primary", settings, (connection) =>
    oneRow<{ position: string }>(connection, settings.dialect.positionQuery),
  );
  await Promise.all(
    replicaNames.map((name) => followPrimary(name, settings, position?.position ?? "", aborted)),
  );
}

async function followPrimary(
  name: ReplicaName,
  settings: StackSettings,
  position: string,
  aborted: AbortSignal,
): Promise<void> {
  const { dialect } = settings;
  await asAdmin(name, settings, async (connection) => {
    const row = await oneRow<StatusRow>(connection, dialect.statusQuery);
    const before = row === undefined ? undefined : dialect.readStatus(row);
    // A replica that waits for its primary reconnects by itself within a second.
    if (before === undefined || !before.applying || before.sourcePort !== settings.ports.primary) {
      const source = {
        port: settings.ports.primary,
        user: "shop_replication",
        password: settings.secrets.replication,
      };
      for (const statement of dialect.follow(source)) await execute(connection, statement);
    }

    const began = Date.now();
    for (;;) {
      aborted.throwIfAborted();
      const reached = await oneRow<{ answer: number | null }>(connection, dialect.waitQuery, [position, 1]);
      const now = dialect.readStatus((await oneRow<StatusRow>(connection, dialect.statusQuery)) ?? {});
      if (reached?.answer === 0 && now.fetching && now.applying) return;
      const waitedMs = Date.now() - began;
      const conflict = !now.applying && now.error !== undefined; // a row that cannot be applied; waiting does not help
      if (waitedMs > patienceMs || (conflict && waitedMs > 3_000)) {
        throw new StackError(
          `${name} does not follow the primary: ${now.error ?? "it is still behind"} (start anew with \`stack down --purge\` if its data is not worth keeping)`,
        );
      }
      await sleep(50);
    }
  });
}

/** Replication status of a replica. Throws when it does not respond. */
export function replicationStatus(name: ReplicaName, settings: StackSettings): Promise<ReplicationStatus> {
  return asMonitor(name, settings, async (connection) => {
    const row = await oneRow<StatusRow>(connection, settings.dialect.statusQuery);
    return settings.dialect.readStatus(row ?? {});
  });
}

/** Starts or stops a replica's SQL thread; while it is stopped, reads are stale. */
export async function setApplying(
  name: ReplicaName,
  applying: boolean,
  settings: StackSettings,
): Promise<void> {
  const { dialect } = settings;
  await asAdmin(name, settings, (connection) =>
    execute(connection, applying ? dialect.startApplying : dialect.stopApplying),
  );
}
