import { pathToFileURL } from "node:url";
import { AuthorMistake } from "./author-mistake.ts";
import type { OperationFunction } from "./define-connector.ts";

/** A connector's module, read: what it defines, and what ends it. */
export interface LoadedConnector {
  readonly name: string | null;
  readonly version: string | null;
  readonly operations: ReadonlyMap<string, { readonly after: string | null; readonly run: OperationFunction }>;
  close(): Promise<void>;
}

const parts = new Set(["name", "version", "after", "setup", "close"]);

/** Loads a connector and runs its `setup`. Throws what the author's code throws. */
export async function loadConnector(path: string): Promise<LoadedConnector> {
  const module: unknown = await import(pathToFileURL(path).href);
  const connector = exportedConnector(module);
  if (connector === undefined)
    throw new AuthorMistake("it has no default export with operations: export default defineConnector({ … })");
  const setup = connector["setup"];
  if (typeof setup === "function") await setup.call(connector);
  return {
    name: textOrNull(connector["name"]),
    version: textOrNull(connector["version"]),
    operations: operationsOf(connector),
    async close() {
      const close = connector["close"];
      if (typeof close === "function") await close.call(connector);
    },
  };
}

function exportedConnector(module: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(module)) return undefined;
  const candidates = [module["default"], module["connector"]];
  return candidates.filter(isObject).find((candidate) => operationNames(candidate).length > 0);
}

function operationNames(connector: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(connector).filter((key) => !parts.has(key) && typeof connector[key] === "function");
}

function operationsOf(connector: Readonly<Record<string, unknown>>): LoadedConnector["operations"] {
  const after = isObject(connector["after"]) ? connector["after"] : {};
  const operations = new Map<string, { after: string | null; run: OperationFunction }>();
  for (const name of operationNames(connector)) {
    const run = connector[name];
    if (typeof run === "function")
      operations.set(name, {
        after: Object.hasOwn(after, name) ? textOrNull(after[name]) : null,
        run: (frame) => run.call(connector, frame),
      });
  }
  return operations;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
