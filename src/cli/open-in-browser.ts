import { spawn } from "node:child_process";

/** Shows a file in the browser of whoever sits here; in CI nobody does. What opens it is not waited for. */
export async function openInBrowser(path: string): Promise<void> {
  if (process.env["CI"]) return;
  const command = { darwin: "open", win32: "explorer.exe" }[process.platform as string] ?? "xdg-open";
  const child = spawn(command, [path], { detached: true, stdio: "ignore" });
  const started = await new Promise<boolean>((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
  if (!started) process.stderr.write(`there is no ${command} to open it with; open it yourself: ${path}\n`);
  child.unref();
}
