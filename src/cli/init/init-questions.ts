/** What `tally init` asks a person at a terminal; flags say the same without questions. */
import { existsSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import type { InitPlan } from "./init-plan.ts";

/** Asks for what no flag has said; an empty answer takes what is offered. */
export async function askPlan(offered: InitPlan): Promise<InitPlan> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ask = async (question: string, fallback: string): Promise<string> => {
    const answer = (await terminal.question(`${question} [${fallback}] `)).trim();
    return answer === "" ? fallback : answer;
  };
  try {
    let model = await ask("What is the model called?", offered.model);
    while (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(model))
      model = await ask("Letters, digits, dots, dashes and underscores, please:", offered.model);
    let language = await ask("Is its research written in python or typescript?", offered.language);
    while (language !== "python" && language !== "typescript")
      language = await ask("python or typescript?", offered.language);
    const sample = await askFile((question) => ask(question, "none"));
    return { ...offered, model, language, sample };
  } finally {
    terminal.close();
  }
}

async function askFile(ask: (question: string) => Promise<string>): Promise<string | undefined> {
  let path = await ask("Is there a sample of its records (a .csv or .jsonl file)?");
  while (path !== "none" && !existsSync(path)) path = await ask(`There is no file ${path}. Which one?`);
  return path === "none" ? undefined : path;
}
