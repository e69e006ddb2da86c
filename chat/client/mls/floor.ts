/**
 * Two gaps of our oldest browsers that `ts-mls` steps into: `at()` of arrays (Chrome 92, Safari
 * 15.4) and 64-bit numbers in a DataView (Safari 15). Filled only where missing, per ECMA-262.
 * Imported before the library so that nothing of it runs first.
 */

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const place = Math.trunc(index) || 0;
  return this[place < 0 ? this.length + place : place];
}

function readBig(this: DataView, offset: number, little?: boolean): bigint {
  const first = BigInt(this.getUint32(offset, little));
  const second = BigInt(this.getUint32(offset + 4, little));
  return little ? (second << 32n) | first : (first << 32n) | second;
}

function writeBig(this: DataView, offset: number, value: bigint, little?: boolean): void {
  const high = Number(BigInt.asUintN(32, value >> 32n));
  const low = Number(BigInt.asUintN(32, value));
  this.setUint32(offset, little ? low : high, little);
  this.setUint32(offset + 4, little ? high : low, little);
}

function fill(target: object, name: string, value: unknown): void {
  if (name in target) return;
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

fill(Array.prototype, "at", at);
fill(Uint8Array.prototype, "at", at);
// floor: named here to be filled, not used
fill(DataView.prototype, "getBigUint64", readBig);
// floor: named here to be filled, not used
fill(DataView.prototype, "setBigUint64", writeBig);

export {};
