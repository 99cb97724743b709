/** The PEM files of a TLS connection: authorities to trust, and who we are. Read and checked before anything is asked. */
import { tallyError } from "../kernel/errors.ts";

export interface TlsFiles {
  /** Absolute path of certificates to trust besides the system's. */
  readonly ca?: string | undefined;
  /** Absolute paths of our own certificate, with those that lead to its authority behind it, and of its private key. */
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
}

/** What `tls.connect` takes. */
export interface TlsSettings {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

/** Reads the files. Throws `endpoint-ca` and `endpoint-client-cert`. */
export async function readTlsFiles({ ca, clientCert, clientKey }: TlsFiles): Promise<TlsSettings> {
  const trusted = ca === undefined ? {} : { ca: await trustedCertificates(ca) };
  if (clientCert === undefined && clientKey === undefined) return trusted;
  if (clientCert === undefined || clientKey === undefined) {
    const [given, other] = clientCert === undefined ? [clientKey, "--client-cert"] : [clientCert, "--client-key"];
    throw tallyError("endpoint-client-cert", { path: given ?? "", reason: `it comes without ${other}` });
  }
  return { ...trusted, ...(await identity(clientCert, clientKey)) };
}

async function trustedCertificates(path: string): Promise<string[]> {
  const [{ readFile }, { getCACertificates }, { X509Certificate }] = await Promise.all([
    import("node:fs/promises"),
    import("node:tls"),
    import("node:crypto"),
  ]);
  try {
    const pem = await readFile(path, "utf8");
    // Reads the first one only to say early that this is no certificate at all.
    void new X509Certificate(pem);
    return [...getCACertificates("default"), pem];
  } catch (cause) {
    throw tallyError("endpoint-ca", { path, reason: reasonOf(cause, "it is not a PEM certificate") }, { cause });
  }
}

async function identity(certPath: string, keyPath: string): Promise<Required<Pick<TlsSettings, "cert" | "key">>> {
  const { createPrivateKey, X509Certificate } = await import("node:crypto");
  const cert = await readPem(certPath);
  const key = await readPem(keyPath);
  const certificate = parsed(certPath, "it is not a PEM certificate", () => new X509Certificate(cert));
  if (/ENCRYPTED/.test(key)) {
    const reason = "the key has a passphrase, and nobody is here to type it";
    throw tallyError("endpoint-client-cert", { path: keyPath, reason });
  }
  const own = parsed(keyPath, "it is not a PEM private key", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(own))
    throw tallyError("endpoint-client-cert", { path: keyPath, reason: `it is not the key of ${certPath}` });
  return { cert, key };
}

async function readPem(path: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw tallyError("endpoint-client-cert", { path, reason: reasonOf(cause, "it cannot be read") }, { cause });
  }
}

function parsed<Made>(path: string, reason: string, make: () => Made): Made {
  try {
    return make();
  } catch (cause) {
    throw tallyError("endpoint-client-cert", { path, reason }, { cause });
  }
}

function reasonOf(cause: unknown, otherwise: string): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "permission denied";
  return code === "EISDIR" ? "it is a folder" : otherwise;
}
