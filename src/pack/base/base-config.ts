/** What the configuration of a base says that matters to an image on it; every word of it is a stranger's. */
import { isTable, stringAt, type Table, tableAt } from "../../delivery/json-table.ts";

export interface BaseConfig {
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The program that it starts itself. */
  readonly program: string | undefined;
  /** Digests of the layers' tars, the lowest one first. */
  readonly diffIds: readonly string[];
  readonly history: readonly object[];
}

export function readBaseConfig(image: Table): BaseConfig {
  const config = tableAt(image, "config");
  const diffIds = textsOf(tableAt(image, "rootfs")["diff_ids"]);
  return {
    env: textsOf(config["Env"]),
    labels: labelsOf(tableAt(config, "Labels")),
    program: textsOf(config["Entrypoint"])[0],
    diffIds,
    history: historyOf(image["history"], diffIds.length),
  };
}

/** The value of an environment variable of it. */
export function variableIn({ env }: BaseConfig, name: string): string | undefined {
  return env.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** As it is, if it speaks of each layer; tools refuse an image whose history does not. */
function historyOf(stated: unknown, layers: number): readonly object[] {
  const entries = Array.isArray(stated) ? stated.filter(isTable) : [];
  const filled = entries.filter((entry) => entry["empty_layer"] !== true);
  return filled.length === layers ? entries : Array.from({ length: layers }, () => ({ created_by: "the base" }));
}

function labelsOf(labels: Table): Record<string, string> {
  return Object.fromEntries(
    Object.keys(labels).flatMap((key) => {
      const text = stringAt(labels, key);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
