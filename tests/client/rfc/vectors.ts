/**
 * The official RFC 9420 vectors (github.com/mlswg/mls-implementations, test-vectors) through a
 * suite. All of suite 1 that lies there; entries of other suites are left out. No Node in here.
 */

import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import {
  cryptoBasics,
  deserialization,
  keySchedule,
  pskSecret,
  secretTree,
  transcriptHashes,
} from "./basics.ts";
import { Checker } from "./checker.ts";
import { messageProtection, passiveClient, welcome } from "./messages.ts";
import { treeKem, treeOperations, treeValidation } from "./trees.ts";

type Runner = (check: Checker, vector: never) => Promise<void>;

/** By the official name of the file, without ".json" or ".suite1.json". */
export const RUNNERS: Readonly<Record<string, Runner>> = {
  "crypto-basics": cryptoBasics,
  deserialization,
  "key-schedule": keySchedule,
  "message-protection": messageProtection,
  "passive-client-welcome": passiveClient,
  psk_secret: pskSecret,
  "secret-tree": secretTree,
  "transcript-hashes": transcriptHashes,
  "tree-operations": treeOperations,
  "tree-validation": treeValidation,
  treekem: treeKem,
  welcome,
};

export interface Result {
  vectors: number;
  compared: number;
  failures: string[];
}

export const nameOf = (file: string): string => file.replace(/(\.suite1)?\.json$/, "");

/** Everything of suite 1 in one file. A vector that throws is a failure with its message. */
export async function runFile(
  file: string,
  content: unknown,
  suite: CiphersuiteImpl,
): Promise<Result> {
  const run = RUNNERS[nameOf(file)];
  if (run === undefined || !Array.isArray(content)) throw new Error(`no runner for ${file}`);
  const result: Result = { vectors: 0, compared: 0, failures: [] };
  for (const [index, vector] of (content as { cipher_suite?: number }[]).entries()) {
    if ((vector.cipher_suite ?? 1) !== 1) continue;
    const check = new Checker(suite);
    try {
      await run(check, vector as never);
    } catch (error) {
      check.failures.push(String(error));
    }
    result.vectors += 1;
    result.compared += check.compared;
    result.failures.push(...check.failures.map((what) => `${file}[${index}]: ${what}`));
  }
  return result;
}
