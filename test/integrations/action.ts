/** The step of the action of GitHub, run by bash as a runner does. */
import { resolve } from "node:path";
import { parse } from "yaml";
import { at, type Checkout, integration, type Step } from "./checkout.ts";

export const folder: string = resolve(import.meta.dirname, "../../integrations/github");
export const action: unknown = parse(integration("github/action.yml"));
export const inputs: Readonly<Record<string, unknown>> = Object(at(action, "inputs"));
export const steps: readonly unknown[] = [].concat(Object(at(action, "runs", "steps")));

/** An expression that is one input. */
const inputOnly = /^\$\{\{ inputs\.([\w-]+) \}\}$/;

/** Runs the step of the action with these inputs. */
export function runAction(
  job: Checkout,
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  when?: (pid: number) => void,
): Promise<Step> {
  const step = steps.find((each) => at(each, "run") !== undefined);
  const stated = Object.entries(Object(at(step, "env"))).map(([name, expression]) => {
    const input = inputOnly.exec(String(expression))?.[1] ?? "";
    return [name, given[input] ?? String(at(inputs, input, "default"))];
  });
  return job.run(
    ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", String(at(step, "run"))],
    { ...Object.fromEntries(stated), GITHUB_ACTION_PATH: folder, GITHUB_ACTIONS: "true", ...env },
    when,
  );
}

/** Inputs that start the server of a checkout; `how` is what it is told. */
export const serving = ({ port, url }: Checkout, how = ""): Record<string, string> => ({
  suite: "suite.tgz",
  endpoint: url,
  start: `node server.mjs ${port} ${how}`,
  ready: `${url}/health`,
});
