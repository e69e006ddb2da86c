/** The one curve we sign with, in JavaScript: a page that needs it loads no other part of the package. */

export { ed25519 } from "@noble/curves/ed25519.js";
