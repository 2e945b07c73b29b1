import { isStackDirectory, stackDirectory } from "./directory.ts";
import { observe } from "./processes.ts";
import { runningProcess, serversOf } from "./run-servers.ts";
import type { ReplicationStatus } from "./servers/database-dialect.ts";
import { replicationStatus } from "./servers/replication.ts";
import {
  replicaNames,
  serverNames,
  type ReplicaName,
  type Server,
  type ServerName,
} from "./servers/server.ts";
import { readState, settingsOf, type Profile, type StackSettings } from "./state.ts";

export interface ServerStatus {
  name: ServerName;
  port: number;
  /** `paused`: held by SIGSTOP. `unresponsive`: the process lives, but does not serve clients. */
  condition: "up" | "paused" | "unresponsive" | "down";
  pid?: number;
  uptimeSeconds?: number;
  /** Of a replica that is up. */
  replication?: ReplicationStatus;
}

export interface StackStatus {
  directory: string;
  /** True when every server is up and both replicas replicate. */
  healthy: boolean;
  profile?: Profile;
  /** Empty without a stack in the directory. */
  servers: ServerStatus[];
}

/** Status of a stack. Read-only; does not wait for a command that holds the lock. */
export async function stackStatus(options: { directory?: string | undefined } = {}): Promise<StackStatus> {
  const directory = stackDirectory(options.directory);
  const state = (await isStackDirectory(directory)) ? await readState(directory) : undefined;
  const settings = state === undefined ? undefined : settingsOf(directory, state);
  if (settings === undefined) return { directory, healthy: false, servers: [] };
  const servers = serversOf(settings);
  const statuses = await Promise.all(serverNames.map((name) => serverStatus(servers[name], settings)));
  return { directory, healthy: statuses.every(isHealthy), profile: settings.profile, servers: statuses };
}

function isHealthy(server: ServerStatus): boolean {
  const { replication } = server;
  return (
    server.condition === "up" &&
    (!isReplica(server.name) || (replication !== undefined && replication.fetching && replication.applying))
  );
}

async function serverStatus(server: Server, settings: StackSettings): Promise<ServerStatus> {
  const { name, port } = server;
  const found = runningProcess(settings.directory, name);
  if (found === undefined) return { name, port, condition: "down" };
  const alive = {
    name,
    port,
    pid: found.pid,
    uptimeSeconds: Math.round((Date.now() - Date.parse(found.startedAt)) / 1000),
  };
  if (observe(found.pid)?.paused) return { ...alive, condition: "paused" };
  try {
    await server.check();
    return isReplica(name)
      ? { ...alive, condition: "up", replication: await replicationStatus(name, settings) }
      : { ...alive, condition: "up" };
  } catch {
    return { ...alive, condition: "unresponsive" };
  }
}

function isReplica(name: ServerName): name is ReplicaName {
  return (replicaNames as readonly ServerName[]).includes(name);
}
