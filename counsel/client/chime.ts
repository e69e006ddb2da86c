/** A soft, neutral sound and a short buzz. It says nothing about where it comes from. */

/** Two falling notes (Hz) and their length (seconds): a doorbell in the next room. */
const NOTES = [659, 523] as const;
const NOTE_LENGTH = 0.45;
const LOUDNESS = 0.08;
const BUZZ = [180, 120, 180];

let audio: AudioContext | null = null;

/** Browsers let a page sound only after a touch: call this in the handler of one. */
export function armChime(): void {
  if (audio === null && typeof AudioContext === "function") {
    audio = new AudioContext();
  }
  audio?.resume().catch(() => undefined);
}

export function chime(): void {
  navigator.vibrate?.(BUZZ);
  const context = audio;
  if (context === null || context.state !== "running") {
    return;
  }
  NOTES.forEach((pitch, index) => {
    const from = context.currentTime + index * NOTE_LENGTH * 0.6;
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.0001, from + NOTE_LENGTH);
    tone.connect(gain).connect(context.destination);
    tone.start(from);
    tone.stop(from + NOTE_LENGTH);
  });
}
