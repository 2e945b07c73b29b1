/** Node runs TypeScript by itself, so nothing is transformed. */
export default {
  rootDir: ".",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "node",
  transform: {},
  extensionsToTreatAsEsm: [".ts"],
  // Detects hanging tests, also on a machine that is busy with others.
  testTimeout: 120_000,
  // Jest leaves one processor free, which on two makes it a single process.
  maxWorkers: "100%",
  // A worker that holds more after a file is replaced.
  workerIdleMemoryLimit: "1GB",
};
