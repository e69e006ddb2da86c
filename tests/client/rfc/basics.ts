/** RFC 9420 vectors about keys: crypto basics, key schedule, transcript, PSKs, secret tree. */

import { decodeAuthenticatedContent } from "ts-mls/authenticatedContent.js";
import { determineLength } from "ts-mls/codec/variableLength.js";
import { refhash } from "ts-mls/crypto/hash.js";
import { decryptWithLabel, encryptWithLabel } from "ts-mls/crypto/hpke.js";
import { deriveSecret, deriveTreeSecret, expandWithLabel } from "ts-mls/crypto/kdf.js";
import { signWithLabel, verifyWithLabel } from "ts-mls/crypto/signature.js";
import { verifyConfirmationTag } from "ts-mls/framedContent.js";
import { decodeGroupContext, encodeGroupContext } from "ts-mls/groupContext.js";
import { initializeEpoch, mlsExporter } from "ts-mls/keySchedule.js";
import { computePskSecret, type PreSharedKeyID } from "ts-mls/presharedkey.js";
import { createSecretTree, deriveKey, deriveNonce, ratchetUntil } from "ts-mls/secretTree.js";
import { expandSenderDataKey, expandSenderDataNonce } from "ts-mls/sender.js";
import { createConfirmedHash, createInterimHash } from "ts-mls/transcriptHash.js";
import { type Checker, type Hex, hex, read } from "./checker.ts";

interface Labelled {
  secret: Hex;
  label: string;
  context: Hex;
  generation: number;
  length: number;
  out: Hex;
}

interface Basics {
  ref_hash: { label: string; value: Hex; out: Hex };
  expand_with_label: Labelled;
  derive_secret: Labelled;
  derive_tree_secret: Labelled;
  sign_with_label: { priv: Hex; pub: Hex; content: Hex; label: string; signature: Hex };
  encrypt_with_label: Record<"priv" | "pub" | "context" | "plaintext" | "kem_output", Hex> & {
    label: string;
    ciphertext: Hex;
  };
}

export async function cryptoBasics(check: Checker, one: Basics): Promise<void> {
  const { hash, kdf } = check.suite;
  const { ref_hash: ref, expand_with_label: expand, derive_tree_secret: tree } = one;
  check.same("RefHash", await refhash(ref.label, hex(ref.value), hash), ref.out);
  const { label, length } = expand;
  const expanded = expandWithLabel(hex(expand.secret), label, hex(expand.context), length, kdf);
  check.same("ExpandWithLabel", await expanded, expand.out);
  const { derive_secret: derive } = one;
  const derived = await deriveSecret(hex(derive.secret), derive.label, kdf);
  check.same("DeriveSecret", derived, derive.out);
  const { secret, generation } = tree;
  const leaf = deriveTreeSecret(hex(secret), tree.label, generation, tree.length, kdf);
  check.same("DeriveTreeSecret", await leaf, tree.out);
  await signAndVerify(check, one.sign_with_label);
  await encryptAndDecrypt(check, one.encrypt_with_label);
}

async function signAndVerify(check: Checker, one: Basics["sign_with_label"]): Promise<void> {
  const { signature: s } = check.suite;
  const [content, publicKey, given] = [hex(one.content), hex(one.pub), hex(one.signature)];
  const made = await signWithLabel(hex(one.priv), one.label, content, s);
  check.same("SignWithLabel", made, one.signature);
  const verify = (bytes: Uint8Array): Promise<boolean> =>
    verifyWithLabel(publicKey, one.label, content, bytes, s);
  check.holds("VerifyWithLabel", await verify(given));
  given[5] = (given[5] ?? 0) ^ 1;
  check.holds("VerifyWithLabel refuses another", !(await verify(given)));
}

async function encryptAndDecrypt(check: Checker, one: Basics["encrypt_with_label"]): Promise<void> {
  const { hpke } = check.suite;
  const { label } = one;
  const [context, plaintext] = [hex(one.context), hex(one.plaintext)];
  const [kem, sealed] = [hex(one.kem_output), hex(one.ciphertext)];
  const key = await hpke.importPrivateKey(hex(one.priv));
  const opened = await decryptWithLabel(key, label, context, kem, sealed, hpke);
  check.same("DecryptWithLabel", opened, one.plaintext);
  const to = await hpke.importPublicKey(hex(one.pub));
  const own = await encryptWithLabel(to, label, context, plaintext, hpke);
  const back = await decryptWithLabel(key, label, context, own.enc, own.ct, hpke);
  check.same("EncryptWithLabel", back, one.plaintext);
}

export async function deserialization(
  check: Checker,
  one: { vlbytes_header: Hex; length: number },
): Promise<void> {
  const header = hex(one.vlbytes_header);
  const { length, lengthFieldSize } = determineLength(header);
  check.holds(`length ${one.length}`, length === one.length && lengthFieldSize === header.length);
}

type EpochName =
  | ("commit_secret" | "confirmation_key" | "encryption_secret" | "epoch_authenticator")
  | ("exporter_secret" | "external_pub" | "external_secret" | "group_context" | "init_secret")
  | ("joiner_secret" | "membership_key" | "psk_secret" | "resumption_psk" | "sender_data_secret")
  | ("tree_hash" | "confirmed_transcript_hash" | "welcome_secret");

type Epoch = Record<EpochName, Hex> & {
  exporter: { label: string; context: Hex; length: number; secret: Hex };
};

export async function keySchedule(
  check: Checker,
  one: { group_id: Hex; initial_init_secret: Hex; epochs: Epoch[] },
): Promise<void> {
  let init = hex(one.initial_init_secret);
  for (const [number, epoch] of one.epochs.entries()) {
    const context = {
      ...read(decodeGroupContext, epoch.group_context),
      groupId: hex(one.group_id),
      epoch: BigInt(number),
      treeHash: hex(epoch.tree_hash),
      confirmedTranscriptHash: hex(epoch.confirmed_transcript_hash),
    };
    check.same("GroupContext", encodeGroupContext(context), epoch.group_context);
    const { kdf } = check.suite;
    const [commit, psk] = [hex(epoch.commit_secret), hex(epoch.psk_secret)];
    const made = await initializeEpoch(init, commit, context, psk, kdf);
    check.same("joiner_secret", made.joinerSecret, epoch.joiner_secret);
    check.same("welcome_secret", made.welcomeSecret, epoch.welcome_secret);
    check.same("encryption_secret", made.encryptionSecret, epoch.encryption_secret);
    await compareSchedule(check, made.keySchedule, epoch);
    init = made.keySchedule.initSecret;
  }
}

async function compareSchedule(
  check: Checker,
  keys: Awaited<ReturnType<typeof initializeEpoch>>["keySchedule"],
  epoch: Epoch,
): Promise<void> {
  check.same("init_secret", keys.initSecret, epoch.init_secret);
  check.same("sender_data_secret", keys.senderDataSecret, epoch.sender_data_secret);
  check.same("exporter_secret", keys.exporterSecret, epoch.exporter_secret);
  check.same("external_secret", keys.externalSecret, epoch.external_secret);
  check.same("confirmation_key", keys.confirmationKey, epoch.confirmation_key);
  check.same("membership_key", keys.membershipKey, epoch.membership_key);
  check.same("resumption_psk", keys.resumptionPsk, epoch.resumption_psk);
  check.same("epoch_authenticator", keys.epochAuthenticator, epoch.epoch_authenticator);
  const { hpke } = check.suite;
  const external = await hpke.deriveKeyPair(keys.externalSecret);
  check.same("external_pub", await hpke.exportPublicKey(external.publicKey), epoch.external_pub);
  const { label, context, length, secret } = epoch.exporter;
  const { exporterSecret } = keys;
  const exported = await mlsExporter(exporterSecret, label, hex(context), length, check.suite);
  check.same("exporter", exported, secret);
}

type TranscriptName =
  | ("confirmation_key" | "authenticated_content" | "interim_transcript_hash_before")
  | ("confirmed_transcript_hash_after" | "interim_transcript_hash_after");

export async function transcriptHashes(
  check: Checker,
  one: Record<TranscriptName, Hex>,
): Promise<void> {
  const { hash } = check.suite;
  const { wireformat, content, auth } = read(decodeAuthenticatedContent, one.authenticated_content);
  if (content.contentType !== "commit" || auth.contentType !== "commit") throw new Error("commit?");
  const { signature, confirmationTag } = auth;
  const before = hex(one.interim_transcript_hash_before);
  const confirmed = await createConfirmedHash(before, { wireformat, content, signature }, hash);
  check.same("confirmed_transcript_hash", confirmed, one.confirmed_transcript_hash_after);
  const interim = await createInterimHash(confirmed, confirmationTag, hash);
  check.same("interim_transcript_hash", interim, one.interim_transcript_hash_after);
  const key = hex(one.confirmation_key);
  const tagged = await verifyConfirmationTag(key, confirmationTag, confirmed, hash);
  check.holds("confirmation_tag", tagged);
}

export async function pskSecret(
  check: Checker,
  one: { psks: Record<"psk_id" | "psk" | "psk_nonce", Hex>[]; psk_secret: Hex },
): Promise<void> {
  const psks = one.psks.map(({ psk_id, psk, psk_nonce }): [PreSharedKeyID, Uint8Array] => [
    { psktype: "external", pskId: hex(psk_id), pskNonce: hex(psk_nonce) },
    hex(psk),
  ]);
  check.same(
    `psk_secret of ${psks.length}`,
    await computePskSecret(psks, check.suite),
    one.psk_secret,
  );
}

type Generation = { generation: number } & Record<
  "application_key" | "application_nonce" | "handshake_key" | "handshake_nonce",
  Hex
>;

export async function secretTree(
  check: Checker,
  one: {
    encryption_secret: Hex;
    sender_data: Record<"sender_data_secret" | "ciphertext" | "key" | "nonce", Hex>;
    leaves: Generation[][];
  },
): Promise<void> {
  const { suite } = check;
  const { sender_data: sender } = one;
  const [secret, sample] = [hex(sender.sender_data_secret), hex(sender.ciphertext)];
  check.same("sender data key", await expandSenderDataKey(suite, secret, sample), sender.key);
  check.same("sender data nonce", await expandSenderDataNonce(suite, secret, sample), sender.nonce);
  const tree = await createSecretTree(one.leaves.length, hex(one.encryption_secret), suite.kdf);
  const patient = {
    retainKeysForGenerations: 0,
    retainKeysForEpochs: 1,
    maximumForwardRatchetSteps: 1_000,
  };
  for (const [leaf, generations] of one.leaves.entries()) {
    const node = tree[leaf * 2];
    if (node === undefined) throw new Error(`no leaf ${leaf}`);
    for (const expected of generations) {
      for (const kind of ["application", "handshake"] as const) {
        const [at] = await ratchetUntil(node[kind], expected.generation, patient, suite.kdf);
        const key = await deriveKey(at.secret, expected.generation, suite);
        const nonce = await deriveNonce(at.secret, expected.generation, suite);
        check.same(`${kind}_key of leaf ${leaf}`, key, expected[`${kind}_key`]);
        check.same(`${kind}_nonce of leaf ${leaf}`, nonce, expected[`${kind}_nonce`]);
      }
    }
  }
}
