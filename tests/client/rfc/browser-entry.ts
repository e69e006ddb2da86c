/** The same vectors and one whole talk, for a page. `tests/browser/test_rfc_vectors.py` calls it. */

import { Group } from "../../../chat/client/mls/group.ts";
import { cipherSuite, nativeCurves } from "../../../chat/client/mls/provider.ts";
import { Organisation, say, threeTalk } from "../mls/cast.ts";
import { type Result, runFile } from "./vectors.ts";

declare global {
  interface Window {
    curves: typeof nativeCurves;
    runVectors(file: string, content: string): Promise<Result>;
    runTalk(): Promise<{ understood: string; members: number; milliseconds: number }>;
  }
}

window.curves = nativeCurves;

window.runVectors = async (file, content) =>
  runFile(file, JSON.parse(content), await cipherSuite());

/** Match, supervisor, words, fresh keys, kept and taken up again: whatever the curves are. */
window.runTalk = async () => {
  const began = performance.now();
  const { lin, linDevice, seeker, trust } = await threeTalk(await Organisation.found());
  const kept = await Group.restore(lin.encode(), linDevice.keys, trust);
  const renewed = await kept.renew();
  const seen = await seeker.open(renewed.sealed);
  const { understood } = await say(seen.group, renewed.group, "有人吗 🙂");
  const milliseconds = performance.now() - began;
  return { understood, members: seen.group.members.length, milliseconds };
};
