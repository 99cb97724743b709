/** A server that wants a certificate of its clients and says so with a TLS alert, as most do; it speaks no HTTP. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const file = (name: string): string => fileURLToPath(new URL(`certificates/${name}`, import.meta.url));

/** Starts OpenSSL's own server, which accepts those that the faux authority has signed. */
export async function demandingServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const identity = ["-cert", file("good.pem"), "-key", file("server.key"), "-CAfile", file("ca.pem")];
  const words = ["s_server", "-accept", "127.0.0.1:0", ...identity, "-Verify", "1", "-verify_return_error", "-www"];
  const server = spawn("openssl", words, { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  while (!/ACCEPT .*:\d+\n/.test(said)) said += String((await once(server.stdout, "data"))[0]);
  return {
    url: `https://127.0.0.1:${/ACCEPT .*:(\d+)/.exec(said)?.[1]}`,
    [Symbol.asyncDispose]: async () => {
      server.kill();
      await once(server, "exit");
    },
  };
}
