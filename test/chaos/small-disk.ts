import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, open, rename, rm, rmdir, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inside } from "../../deploy/local/directory.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import type { ServerTarget } from "./fault-kinds.ts";

const run = promisify(execFile);

/** Disk size of each server in megabytes, and the free space of a full one. */
const sizes: Readonly<Partial<Record<ServerTarget, { readonly size: number; readonly left: number }>>> = {
  primary: { size: 768, left: 0 },
  "replica-1": { size: 768, left: 0 },
  // Its disk limit: it blocks publishers below 256 MB.
  rabbitmq: { size: 768, left: 200 },
  redis: { size: 96, left: 0 },
};

/** A server's home on its own in-memory file system, which can be filled and freed. */
export class SmallDisk {
  readonly server: ServerTarget;
  readonly #mountPoint: string;
  readonly #left: number;

  private constructor(server: ServerTarget, mountPoint: string, left: number) {
    this.server = server;
    this.#mountPoint = mountPoint;
    this.#left = left;
  }

  /**
   * Moves a running server's home to a small file system, with a restart.
   *
   * @param mounted receives a function that unmounts it, which loses its data
   */
  static async under(
    stack: Stack,
    server: ServerTarget,
    mounted: (unmount: () => Promise<void>) => void,
  ): Promise<SmallDisk> {
    const { size, left } = sizes[server] ?? { size: 1024, left: 0 };
    const home = inside(stack.directory).home(server);
    await stack.shutDown(server);
    await rename(home, `${home}.large`);
    await mkdir(home);
    await run("mount", ["-t", "tmpfs", "-o", `size=${size}m,mode=0700`, "shop-small-disk", home]);
    mounted(async () => {
      await run("umount", ["--lazy", home]);
    });
    await cp(`${home}.large`, home, { recursive: true });
    await rm(`${home}.large`, { recursive: true });
    await stack.start(server);
    return new SmallDisk(server, home, left);
  }

  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#mountPoint);
    let bytes = bavail * bsize - this.#left * 2 ** 20;
    const file = await open(join(this.#mountPoint, "filler"), "w");
    try {
      for (; bytes > 0; bytes -= block.length) await file.write(block, 0, Math.min(bytes, block.length));
    } catch (error) {
      // Tolerates concurrent writers.
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(join(this.#mountPoint, "filler"), { force: true });
  }
}

const block = Buffer.alloc(2 ** 20);

/** True when this process may mount file systems. */
export async function canMount(): Promise<boolean> {
  const probe = await mkdtemp(join(tmpdir(), "shop-mount-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=1m", "shop-small-disk", probe]);
    await run("umount", [probe]);
    return true;
  } catch {
    return false;
  } finally {
    await rmdir(probe);
  }
}
