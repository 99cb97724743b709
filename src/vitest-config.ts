/** `tallyml/vitest/config`: what a project's vitest.config.ts takes from Tally. Loads nothing of Vitest. */
import { fileURLToPath } from "node:url";
import { findContract, loadContract } from "./contract/load-contract.ts";
import { tallyError } from "./kernel/errors.ts";
import { ownProgram, packageRoot, tallyVersion } from "./kernel/own-package.ts";

export interface TallyPluginOptions {
  /** The contract: tally.toml of this folder or the nearest above unless told. */
  readonly config?: string;
  /** An address or a name of [endpoints]; ENDPOINT, the default of [endpoints] or the connector unless told. */
  readonly endpoint?: string;
}

/** A plugin of Vite as far as Vitest needs one here. */
export interface TallyPlugin {
  readonly name: "tallyml";
  readonly config: () => Readonly<Record<string, unknown>>;
}

/** How long a test may take: a call that is too slow must be the one to say so. */
const beyondCallMs = 30_000;

/**
 * Makes the test files of the suite run under Vitest: in its editor extension, its UI and its debugger.
 *
 * @example
 * ```ts
 * import { tally } from "tallyml/vitest/config";
 * export default { plugins: [tally()] };
 * ```
 */
export function tally(options: TallyPluginOptions = {}): TallyPlugin {
  return { name: "tallyml", config: () => vitestConfig(options) };
}

function vitestConfig({ config, endpoint }: TallyPluginOptions): Readonly<Record<string, unknown>> {
  const file = findContract(process.cwd(), config);
  if (file === undefined) throw tallyError("contract-missing", { from: process.cwd() });
  const contract = loadContract(file, tallyVersion());
  const timeout = contract.endpoint.timeoutMs + beyondCallMs;
  return {
    resolve: { alias: [{ find: /^tallyml$/, replacement: fileURLToPath(ownProgram("vitest", "vitest.ts")) }] },
    test: {
      root: contract.root,
      include: contract.suite.tests,
      globalSetup: [fileURLToPath(ownProgram("vitest-setup", "cli/vitest/vitest-setup.ts"))],
      env: { TALLY_VITEST: JSON.stringify({ file, endpoint }) },
      sequence: { concurrent: true },
      maxConcurrency: 10_000,
      strictTags: false,
      testTimeout: timeout,
      hookTimeout: timeout,
      server: { deps: { external: [new RegExp(escaped(fileURLToPath(new URL("dist/", packageRoot()))))] } },
    },
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
