import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";

import { generate } from "selfsigned";

import { fail, reason, succeed, type Result } from "../core/failure.ts";

/** A certificate with its key, PEM. `made` when it is new, so that browsers will warn again. */
export type Certificate = {
  readonly certPem: string;
  readonly keyPem: string;
  readonly fingerprint: string;
  readonly made: boolean;
};

/** What a certificate is wanted for. */
export type CertificateWish = {
  /** Host names and addresses it has to hold. */
  readonly names: readonly string[];
  readonly nowMs: number;
};

const dayMs = 86_400_000;
/** Apple's platforms take no longer-lived ones. */
const validMs = 397 * dayMs;
/** Renewed this long before it ends. */
const renewMs = 14 * dayMs;
/** Addresses of networks this machine has been in stay in the certificate, up to this many, so that going back needs no new one. */
const maxNames = 64;

/** Reads the certificate kept in `directory`, or makes and keeps one when there is none that fits. */
export async function keepCertificate(
  directory: string,
  wish: CertificateWish,
): Promise<Result<Certificate>> {
  const certPath = join(directory, "certificate.pem");
  const keyPath = join(directory, "key.pem");
  const kept = await readKept(certPath, keyPath);
  if (kept !== null && fits(kept.x509, wish)) return succeed(toCertificate(kept.certPem, kept.keyPem, false));
  const before = kept === null ? [] : namesOf(kept.x509);
  const names = [...new Set([...wish.names, ...before])].slice(0, maxNames);
  try {
    const { certPem, keyPem } = await makeCertificate(names, wish.nowMs);
    await writeWhole(keyPath, keyPem);
    await writeWhole(certPath, certPem);
    return succeed(toCertificate(certPem, keyPem, true));
  } catch (error) {
    return fail({
      kind: "denied",
      what: "Keeping the certificate",
      where: directory,
      next: "Make the directory writable, set STREAMGAUGE_DATA to another, or start with --no-https.",
      cause: reason(error),
    });
  }
}

function toCertificate(certPem: string, keyPem: string, made: boolean): Certificate {
  return { certPem, keyPem, made, fingerprint: new X509Certificate(certPem).fingerprint256 };
}

async function readKept(
  certPath: string,
  keyPath: string,
): Promise<{ readonly certPem: string; readonly keyPem: string; readonly x509: X509Certificate } | null> {
  try {
    const [certPem, keyPem] = await Promise.all([readFile(certPath, "utf8"), readFile(keyPath, "utf8")]);
    const x509 = new X509Certificate(certPem);
    return x509.checkPrivateKey(createPrivateKey(keyPem)) ? { certPem, keyPem, x509 } : null;
  } catch {
    // None yet, or one that cannot be used: both mean that a new one is made.
    return null;
  }
}

function fits(x509: X509Certificate, { names, nowMs }: CertificateWish): boolean {
  const held = new Set(namesOf(x509));
  return (
    Date.parse(x509.validFrom) <= nowMs &&
    Date.parse(x509.validTo) - renewMs > nowMs &&
    names.every((name) => held.has(name))
  );
}

function namesOf(x509: X509Certificate): readonly string[] {
  return (x509.subjectAltName ?? "")
    .split(", ")
    .map((entry) => entry.replace(/^(?:DNS|IP Address):/, ""))
    .filter((name) => name !== "");
}

async function makeCertificate(
  names: readonly string[],
  nowMs: number,
): Promise<{ readonly certPem: string; readonly keyPem: string }> {
  const altNames = names.map((name) =>
    isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const),
  );
  const made = await generate([{ name: "commonName", value: "Streamgauge on this machine" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    // An hour back, for devices whose clock is slow.
    notBeforeDate: new Date(nowMs - 3_600_000),
    notAfterDate: new Date(nowMs - 3_600_000 + validMs),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
  return { certPem: made.cert, keyPem: made.private };
}

/** Readable by this user alone from the first byte on, and never half written. */
async function writeWhole(path: string, text: string): Promise<void> {
  const half = `${path}.${process.pid}.part`;
  await writeFile(half, text, { mode: 0o600 });
  await chmod(half, 0o600);
  await rename(half, path);
}
